namespace Hypir.Restoration.Planning.Tiles;

/// <summary>How positions change between the input and the output of a tiled function: times <see cref="Up"/>, over <see cref="Down"/>.</summary>
/// <param name="Up">At least 1.</param>
/// <param name="Down">At least 1.</param>
public readonly record struct TileScale(int Up, int Down)
{
    /// <summary>Output and input have the same size.</summary>
    public static TileScale Same { get; } = new(1, 1);

    /// <summary>An input position or length on the output's scale.</summary>
    public int Of(int position) => checked(position * Up) / Down;

    /// <summary>The grid of the output's tiles.</summary>
    public TileGrid Of(TileGrid grid) => new(Of(grid.Rows), Of(grid.Columns));

    private TileAxis Of(TileAxis axis) => axis.Length == 0 ? default : new(Of(axis.Length), Of(axis.Tile), Of(axis.Stride));
}

namespace Hypir.Restoration.Planning.Cost;

/// <summary>Height and width of a feature map.</summary>
internal readonly record struct MapSize(long Height, long Width)
{
    public long Positions => Height * Width;

    public MapSize Doubled => new(2 * Height, 2 * Width);
}

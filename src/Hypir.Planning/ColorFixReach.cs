namespace Hypir.Planning;

/// <summary>How far the color fix looks. Memory for its rows is planned before it runs.</summary>
public static class ColorFixReach
{
    /// <summary>Passes of its low-pass, with distances 1, 2, 4 … between taps.</summary>
    public const int Levels = 5;

    /// <summary>How many rows above and below a row its result depends on: 1 + 2 + 4 + 8 + 16.</summary>
    public const int Rows = (1 << Levels) - 1;
}

namespace Hypir.Protocol.Pixels;

/// <summary>Gives pixels: fills whole rows.</summary>
/// <param name="firstRow">The first row.</param>
/// <param name="rows">Its bytes and those of the rows after it, as many as fit in.</param>
public delegate void RowReader(int firstRow, Span<byte> rows);

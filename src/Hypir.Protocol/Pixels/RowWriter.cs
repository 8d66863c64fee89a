namespace Hypir.Protocol.Pixels;

/// <summary>Takes pixels: whole rows.</summary>
/// <param name="firstRow">The first row.</param>
/// <param name="rows">Its bytes and those of the rows after it.</param>
public delegate void RowWriter(int firstRow, ReadOnlySpan<byte> rows);

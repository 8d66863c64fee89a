namespace Hypir.Networks.Libraries;

/// <summary>A library that nothing provides.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="NeededBy">The file name of the library or program that needs it.</param>
public sealed record MissingImport(string Name, string NeededBy);

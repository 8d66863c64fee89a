using System.CommandLine;

namespace Hypir.CommandLine;

/// <summary>An option with any text, the empty one included; null where it is not given.</summary>
/// <param name="name">Its name.</param>
public sealed class FreeText(string name) : Option<string?>(name);

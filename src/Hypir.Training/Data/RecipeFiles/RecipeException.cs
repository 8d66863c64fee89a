namespace Hypir.Training.Data.RecipeFiles;

/// <summary>A recipe file cannot be read, or a recipe in it cannot be applied.</summary>
/// <inheritdoc/>
public sealed class RecipeException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);

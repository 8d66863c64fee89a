using Hypir.Models;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary>Finds the model that a person means.</summary>
internal static class ModelChoice
{
    /// <summary>Finds a model.</summary>
    /// <param name="model">A path or a name; null for the model that comes with the program.</param>
    /// <exception cref="StoreException">There is neither such a path nor such a name, or the model is not complete.</exception>
    public static ResolvedModel Of(string? model) => model is null
        ? ModelHome.Default.Named(Defaults.Model, AppContext.BaseDirectory)
        : ModelHome.Default.Choose(model, AppContext.BaseDirectory);
}

namespace Hypir.Models.Store;

/// <summary>The folder of all that the programs keep for a user, and the places in it that concern models.</summary>
/// <param name="Folder">The folder.</param>
public sealed record ModelHome(string Folder)
{
    /// <summary>The folder that HYPIR_HOME names, else one in local application data.</summary>
    public static ModelHome Default => new(Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hypir"));

    /// <summary>The folder of the models, unless another one is asked for.</summary>
    public string Models => Path.Combine(Folder, "models");

    /// <summary>The person's own list of models that can be had; often there is none.</summary>
    public string Manifest => Path.Combine(Folder, "models.yaml");
}

namespace Hypir.Models.Store;

/// <summary>Where a user's models are, unless another place is asked for: local application data, or the folder that HYPIR_HOME names.</summary>
public static class ModelHome
{
    /// <summary>The folder of all that the programs keep.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hypir");

    /// <summary>The folder of the models.</summary>
    public static string Models => Path.Combine(Folder, "models");

    /// <summary>The person's own list of models that can be had; often there is none.</summary>
    public static string Manifest => Path.Combine(Folder, "models.yaml");
}

namespace Hypir.Core;

/// <summary>Values that the engine, the protocol, the trainer and the Paint.NET effect must agree on.</summary>
public static class Defaults
{
    /// <summary>The model used when none is named; it ships with the programs.</summary>
    public const string Model = "faithful";

    /// <summary>The model that is chosen automatically for images that are enlarged or severely damaged.</summary>
    public const string StrongModel = "vivid";

    /// <summary>What stands for a choice between these two.</summary>
    public const string AutomaticModel = "auto";

    /// <summary>The title of that choice in the engine's list of models.</summary>
    public const string AutomaticTitle = "Automatic, to fit the photo";

    /// <summary>The seed of all random choices; HYPIR's own scripts use the same one.</summary>
    public const long Seed = 231;

    /// <summary>The longest prompt, in UTF-16 characters. The text encoder reads only 77 tokens, far less than this.</summary>
    public const int PromptCharacters = 4000;

    /// <summary>The file beside the installed Paint.NET effect that holds the engine's path.</summary>
    public const string EnginePointer = "engine.txt";
}

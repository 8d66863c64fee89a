namespace Hypir.Restoration.Planning;

/// <summary>What a model asks of the pipeline: its <c>hypir.json</c>, or the reference's rules where it has none.</summary>
public sealed record ModelNeeds
{
    /// <summary>The file's name within a model's folder.</summary>
    public const string FileName = "hypir.json";

    /// <summary>The rules of the reference, which hold for a model without the file.</summary>
    public static ModelNeeds Reference { get; } = new();

    /// <summary>The model's name for people, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Side of a tile in pixels; a multiple of <see cref="Multiple"/>.</summary>
    public int Patch { get; init; } = 512;

    /// <summary>Distance between tiles in pixels; a multiple of <see cref="Multiple"/>, at most <see cref="Patch"/>.</summary>
    public int Stride { get; init; } = 256;

    /// <summary>Sides of what the model sees are multiples of this many pixels.</summary>
    public int Multiple { get; init; } = 8;

    /// <summary>Smallest side that the model can do with, in pixels; null where that is the tile in use, as in the reference.</summary>
    public int? Minimum { get; init; }

    /// <summary>What is done with a smaller picture.</summary>
    public BelowMinimum BelowMinimum { get; init; } = BelowMinimum.Enlarge;

    /// <summary>The type the model wants to be computed in; <see cref="ComputePrecision.Auto"/> leaves it to the device.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Auto;

    /// <summary>Timestep that the UNet is told.</summary>
    public int ModelT { get; init; } = 200;

    /// <summary>Timestep of the one-step formula.</summary>
    public int CoeffT { get; init; } = 200;

    /// <summary>Reads the file of a model's folder, or gives <see cref="Reference"/> where it is not there.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="Networks.ModelException">The file is not understood; the message names the entry.</exception>
    public static ModelNeeds OfFolder(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? ModelNeedsReader.Read(path) : Reference;
    }
}

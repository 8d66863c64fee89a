using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;

namespace Hypir.Testing;

/// <summary>A case of <c>goldens/single-pass</c>: weights, an image, what the reference computes of it, and what the weights are.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Facts">Its entry in <c>index.json</c>.</param>
public sealed record SinglePassCase(string Name, JsonElement Facts)
{
    /// <summary>The family as the reference calls it.</summary>
    public string Family => Facts.GetProperty("family").GetString()!;

    /// <summary>Whether this version has the family.</summary>
    public bool IsSupported => SinglePassFamilies.All.Any(family => family.Name == Family);

    /// <summary>Input and results.</summary>
    public string Numbers => Goldens.Path("single-pass", $"{Name}.safetensors");

    /// <summary>Every case of the set of goldens in use whose files are there.</summary>
    public static IReadOnlyList<SinglePassCase> All()
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Goldens.Require("single-pass", "index.json")));
        return
        [
            .. index.RootElement.EnumerateObject()
                .Select(entry => new SinglePassCase(entry.Name, entry.Value.Clone()))
                .Where(entry => File.Exists(entry.Numbers)),
        ];
    }

    /// <summary>The weights: from the file, or made from the seed.</summary>
    public ITensorSource Weights()
    {
        string shapes = Goldens.Path("single-pass", $"{Name}.shapes.json");
        if (!File.Exists(shapes))
            return CheckpointFile.Open(Goldens.Path("single-pass", $"{Name}.pth"));
        using JsonDocument seeded = JsonDocument.Parse(File.ReadAllText(shapes));
        return new SeededTensors(
            seeded.RootElement.GetProperty("shapes").Deserialize<Dictionary<string, long[]>>()!,
            seeded.RootElement.GetProperty("seed").GetInt64());
    }

    /// <summary>A number of the index.</summary>
    public int Number(string name) => Facts.GetProperty(name).GetInt32();
}

using System.Security.Cryptography;
using Hypir.Testing;

namespace Hypir.Ui.Tests;

/// <summary>A list of models of the user's own, with a network that can be downloaded once its license was accepted.</summary>
internal static class OwnList
{
    /// <summary>The network's name.</summary>
    public const string Name = "sharp";

    /// <summary>Its weights: those of a network that ships, which the store cannot know under this name.</summary>
    public static byte[] Weights { get; } =
        File.ReadAllBytes(Path.Combine(Repository.Root, "models", "vivid", "vivid.safetensors"));

    /// <summary>Writes the list to the engine's folder.</summary>
    /// <param name="home">The folder.</param>
    /// <param name="address">The address of the weights.</param>
    public static void Write(string home, string address)
    {
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "models.yaml"), $$"""
            format: 1
            licences:
              fair: { name: Fair License, summary: Do with it what is fair., address: "https://terms.example" }
            entries:
              - name: {{Name}}
                kind: base
                title: Sharper photos
                licence: fair
                files:
                  - path: sharp.safetensors
                    size: {{Weights.Length}}
                    sha256: {{Convert.ToHexStringLower(SHA256.HashData(Weights))}}
                    sources: [{ url: "{{address}}/sharp.safetensors" }]
            """);
    }
}

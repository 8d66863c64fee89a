using System.Security.Cryptography;
using System.Text;
using Hypir.Models.Tests.Support;

namespace Hypir.PdnHost.Driving;

/// <summary>The small model of the goldens, as the scenarios find it on a server or on the disk.</summary>
internal static class TinyModel
{
    /// <summary>Its name in lists.</summary>
    public const string Name = "tiny";

    /// <summary>What it is called in the dialog.</summary>
    public const string Title = "The small model";

    /// <summary>What its license says.</summary>
    public const string Terms = "The terms of the scenario.";

    private static readonly string Root = Environment.GetEnvironmentVariable("HYPIR_GOLDENS")
        ?? throw new InvalidOperationException("HYPIR_GOLDENS must name the folder of the goldens.");

    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Combine(Root, "tiny-sd2");

    /// <summary>LoRA weights that fit it.</summary>
    public static string Lora { get; } = Path.Combine(Root, "tiny-lora", "state_dict.pth");

    /// <summary>The largest of its files, which downloads are held in.</summary>
    public static string Largest { get; } = Files().MaxBy(file => Content(file).Length)!;

    /// <summary>Bytes of all its files.</summary>
    public static long Bytes { get; } = Files().Sum(file => Content(file).LongLength);

    /// <summary>A list of models: this one under a license, from a server.</summary>
    public static string List(TestServer server)
    {
        var text = new StringBuilder($$"""
            format: 1
            licences:
              scenario: { name: License of the scenario, summary: {{Terms}}, address: "https://terms.example" }
            entries:
              - name: {{Name}}
                kind: base
                title: {{Title}}
                licence: scenario
                sources: [{ url: "{{server.Root}}/{path}" }]
                files:

            """);
        foreach (string file in Files())
            text.AppendLine(
                $"      - {{ path: {file}, size: {Content(file).Length}, sha256: "
                    + $"{Convert.ToHexStringLower(SHA256.HashData(Content(file)))} }}"
            );
        return text.ToString();
    }

    /// <summary>One of its files.</summary>
    /// <param name="file">Its path in the model, with slashes.</param>
    public static byte[] Content(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private static string[] Files() =>
        [
            .. Directory
                .GetFiles(Folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
}

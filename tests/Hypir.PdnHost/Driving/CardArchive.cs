using System.IO.Compression;
using System.Security.Cryptography;
using Hypir.Models.Tests.Support;

namespace Hypir.PdnHost.Driving;

/// <summary>What computing on a GPU is downloaded as: an archive of libtorch, and the list that names it.</summary>
/// <param name="bytes">The archive.</param>
internal sealed class GpuArchive(byte[] bytes)
{
    /// <summary>Its name, in the list and as a folder.</summary>
    public const string Name = "scenario";

    private const string FileName = "libtorch.zip";
    private static readonly string[] Libraries = ["c10.dll", "torch_cpu.dll", "torch.dll"];

    // Of what Libraries need.
    private static readonly string[] Needed = ["torch_global_deps.dll", "libiomp5md.dll", "libiompstubs5md.dll", "uv.dll"];

    /// <summary>The archive.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>With libraries that claim to compute on a GPU but are not libraries: computing with them fails.</summary>
    public static GpuArchive Claiming()
    {
        var random = new Random(1);
        return Make([.. Libraries, "torch_cuda.dll"], _ =>
        {
            byte[] any = new byte[400_000];
            random.NextBytes(any);
            return new MemoryStream(any);
        });
    }

    /// <summary>With libraries that compute, but on the processor only: a program's own.</summary>
    /// <param name="program">The program.</param>
    public static GpuArchive OfProcessor(string program) =>
        Make([.. Libraries, .. Needed], library => File.OpenRead(Path.Combine(Path.GetDirectoryName(program)!, library)));

    /// <summary>The list of backends that names it.</summary>
    /// <param name="server">Who has it.</param>
    /// <param name="sha256">The hash that is promised, or null for its own.</param>
    public string List(TestServer server, string? sha256 = null) =>
        $$"""
            format: 1
            backends:
              - name: {{Name}}
                title: The scenario's libtorch
                platform: win-x64
                libtorch: 2.10.0
                least_driver: "528.33"
                least_capability: "7.5"
                room: {{3L * Bytes.Length}}
                file: { path: {{FileName}}, size: {{Bytes.Length}}, sha256: {{sha256
                ?? Convert.ToHexStringLower(SHA256.HashData(Bytes))}}, sources: [{ url: "{{server.Root}}/{{FileName}}" }] }
            """;

    private static GpuArchive Make(string[] libraries, Func<string, Stream> open)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string library in libraries)
                Add(zip, $"libtorch/lib/{library}", open(library));
            Add(zip, "libtorch/build-version", new MemoryStream("2.10.0+scenario\n"u8.ToArray()));
        }
        return new(bytes.ToArray());
    }

    private static void Add(ZipArchive zip, string path, Stream content)
    {
        using Stream entry = zip.CreateEntry(path, CompressionLevel.NoCompression).Open();
        using (content)
            content.CopyTo(entry);
    }
}

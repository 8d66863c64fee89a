using System.IO.Compression;
using Hypir.Models.Backends;
using Hypir.Models.Tests.Support;
using Hypir.Planning.Machine;
using Hypir.Testing;

namespace Hypir.Models.Tests.Backends;

/// <summary>A home with a list of one backend for this system, and archives as PyTorch makes them.</summary>
internal sealed class BackendHome : IDisposable
{
    public const string Archive = "libtorch-for-the-test.zip";

    private static readonly string[] Libraries = [NativeTorch.FileOf("c10"), NativeTorch.FileOf("torch_cpu"), NativeTorch.FileOf("torch")];

    public TemporaryFolder Folder { get; } = new();

    public string Home => Path.Combine(Folder.Path, BuiltProgram.Home);

    public string Store => Path.Combine(Home, "libtorch");

    public string Installed => Path.Combine(Store, "test");

    public string Part => Path.Combine(Store, "downloads", Archive + ".part");

    public void Dispose() => Folder.Dispose();

    /// <summary>Writes the person's own list: a backend for this system, which needs neither a new driver nor a new GPU.</summary>
    public void WriteList(string root, string sha256 = "unverified", long room = 0) =>
        File.WriteAllText(
            Folder.File(BuiltProgram.Home, "backends.yaml"),
            $$"""
            format: 1
            backends:
              - name: test
                title: The test's libtorch
                platform: {{LibTorchChoice.Platform}}
                libtorch: {{NativeTorch.Needed}}
                least_driver: "1.0"
                least_capability: "1.0"
                room: {{room}}
                file: { path: {{Archive}}, size: unverified, sha256: {{sha256}}, sources: [{ url: "{{root}}/{{Archive}}" }] }
            """
        );

    /// <summary>An archive with fake libraries, headers that are not needed, and paths that lead outside the folder.</summary>
    public static byte[] Make(string version = "2.10.0+test", bool whole = true)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string library in whole ? Libraries : Libraries[1..])
                Add(zip, $"libtorch/lib/{library}", new Payload(400_000, library.Length).Bytes);
            Add(zip, "libtorch/include/torch.h", "text"u8.ToArray());
            Add(zip, "libtorch/lib/torch_cpu.lib", new byte[10]);
            Add(zip, $"../../lib/{NativeTorch.FileOf("outside")}", new byte[10]);
            Add(zip, "libtorch/build-version", System.Text.Encoding.ASCII.GetBytes(version + "\n"));
        }

        return bytes.ToArray();
    }

    /// <summary>Files of the program's own libtorch in a folder of their own.</summary>
    public string OwnLibTorch()
    {
        string folder = Path.GetDirectoryName(Folder.File("elsewhere", "libtorch", "lib", "any"))!;
        foreach (
            string file in Directory
                .GetFiles(AppContext.BaseDirectory)
                .Where(file =>
                    Libraries.Contains(Path.GetFileName(file)) || Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal)
                )
        )
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return Path.Combine(Folder.Path, "elsewhere");
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        using var entry = zip.CreateEntry(path, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}

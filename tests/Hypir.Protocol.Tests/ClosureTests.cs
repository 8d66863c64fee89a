using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Hypir.Protocol.Client;

namespace Hypir.Protocol.Tests;

/// <summary>What a program takes in that uses the client: it is loaded into other people's processes.</summary>
[TestClass]
public sealed class ClosureTests
{
    private static readonly string[] Expected =
    [
        "Hypir.Core",
        "Hypir.Protocol",
        "MessagePack",
        "MessagePack.Annotations",
        "Microsoft.NET.StringTools",
        "Microsoft.VisualStudio.Threading",
        "Microsoft.VisualStudio.Validation",
        "Nerdbank.MessagePack",
        "Nerdbank.Streams",
        "Newtonsoft.Json",
        "PolyType",
        "StreamJsonRpc",
    ];

    /// <summary>Files of the closure, from the library's own list of dependencies, as they lie beside the tests.</summary>
    private static string[] Files()
    {
        string list = Path.Combine(Path.GetDirectoryName(typeof(ClosureTests).Assembly.Location)!, "Hypir.Protocol.Tests.deps.json");
        JsonElement target = JsonDocument.Parse(File.ReadAllBytes(list)).RootElement.GetProperty("targets").EnumerateObject().Last().Value;
        Dictionary<string, JsonElement> libraries = target
            .EnumerateObject()
            .ToDictionary(entry => entry.Name.Split('/')[0], entry => entry.Value);
        HashSet<string> reached = [];
        void Reach(string name)
        {
            if (!libraries.TryGetValue(name, out JsonElement library) || !reached.Add(name))
                return;
            Assert.IsFalse(library.TryGetProperty("native", out _), $"{name} brings native files.");
            if (library.TryGetProperty("dependencies", out JsonElement dependencies))
                foreach (JsonProperty dependency in dependencies.EnumerateObject())
                    Reach(dependency.Name);
        }
        Reach("Hypir.Protocol");
        return [.. reached.Where(name => libraries[name].TryGetProperty("runtime", out _))
            .SelectMany(name => libraries[name].GetProperty("runtime").EnumerateObject())
            .Select(file => Path.GetFileNameWithoutExtension(file.Name)).Order(StringComparer.Ordinal)];
    }

    [TestMethod]
    public void It_is_these_assemblies_and_no_others()
    {
        string[] files = Files();
        CollectionAssert.AreEqual(Expected, files, string.Join('\n', files));
        Assert.IsLessThanOrEqualTo(16, Expected.Length);
    }

    [TestMethod]
    public void It_is_small_and_managed()
    {
        long bytes = 0;
        foreach (string name in Files())
        {
            var file = new FileInfo(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
            bytes += file.Length;
            using var image = new PEReader(file.OpenRead());
            Assert.IsTrue(image.HasMetadata && image.GetMetadataReader().IsAssembly, $"{name} is no managed assembly.");
        }
        Assert.IsLessThan(8 << 20, bytes);
    }

    [TestMethod]
    public void It_refers_to_no_torch_and_no_image_library()
    {
        foreach (AssemblyName name in typeof(EngineClient).Assembly.GetReferencedAssemblies())
            Assert.IsTrue(
                name.Name!.StartsWith("System.", StringComparison.Ordinal)
                    || name.Name == "Microsoft.Win32.Primitives"
                    || Expected.Contains(name.Name),
                name.Name
            );
        Assert.AreEqual(
            ".NETCoreApp,Version=v9.0",
            typeof(EngineClient).Assembly.GetCustomAttribute<System.Runtime.Versioning.TargetFrameworkAttribute>()!.FrameworkName);
    }
}

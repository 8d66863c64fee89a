using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Planning.Machine;

/// <summary>A GPU's self-test.</summary>
/// <param name="Device">The device, such as <c>webgpu:0</c>.</param>
/// <param name="Adapter">What identifies the GPU and its driver.</param>
/// <param name="Library">ONNX Runtime's version.</param>
/// <param name="Problem">What is wrong, as the end of a sentence about the GPU; null if it passed.</param>
public sealed record GpuTest(string Device, string Adapter, string Library, string? Problem);

/// <summary>
/// The file of self-tests. It is a convenience: if it cannot be read or written, GPUs are tested before each use.
/// </summary>
/// <param name="path">The file.</param>
public sealed class GpuTestBook(string path)
{
    private const int MostEntries = 100;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The known tests, newest first.</summary>
    public IReadOnlyList<GpuTest> Read()
    {
        try
        {
            return [.. (JsonSerializer.Deserialize<List<GpuTest?>>(File.ReadAllText(path), Json) ?? []).OfType<GpuTest>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>The test of a GPU with its present driver and library; null if there is none.</summary>
    /// <param name="device">The device.</param>
    /// <param name="adapter">What identifies the GPU and its driver.</param>
    /// <param name="library">ONNX Runtime's version.</param>
    public GpuTest? Find(string device, string adapter, string library) =>
        Read().FirstOrDefault(test => (test.Device, test.Adapter, test.Library) == (device, adapter, library));

    /// <summary>Remembers a test in place of an earlier one of the same GPU, driver and library.</summary>
    /// <param name="test">The test.</param>
    public void Remember(GpuTest test)
    {
        var others = Read().Where(old => (old.Device, old.Adapter, old.Library) != (test.Device, test.Adapter, test.Library));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            FileReplacement.Write(path, file => JsonSerializer.Serialize(file, others.Prepend(test).Take(MostEntries), Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only profile: the next use tests again.
        }
    }
}

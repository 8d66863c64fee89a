using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hypir.Engine.Commands;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Doctor;

/// <summary>
/// A text report on this machine for troubleshooting. Each part reports as much as it can, since something is probably broken.
/// </summary>
/// <param name="store">The store of models.</param>
/// <param name="errors">The log of recent failures.</param>
/// <param name="machine">The machine.</param>
internal sealed class DoctorReport(ModelStore store, ErrorLog errors, IMachine machine)
{
    private const int LastErrors = 5;

    private static readonly string[] Variables =
    [
        "HYPIR_HOME", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HYPIR_LIBTORCH", "HYPIR_ONNXRUNTIME",
        "HYPIR_KERNELS",
        "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS",
    ];

    /// <summary>The whole report.</summary>
    public string Write()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        Part(text, "Versions", Versions);
        Part(text, "Machine", Machine);
        Part(text, "Models", Models);
        Part(text, "Last errors", Errors);
        return PrivateText.OfThisUser().Hide(text.ToString());
    }

    private static void Part(StringWriter text, string title, Func<IEnumerable<string>> lines)
    {
        text.WriteLine(title);
        try
        {
            foreach (string line in lines())
                text.WriteLine($"  {line}");
        }
        // Any failure here belongs in the report.
        catch (Exception failure)
        {
            text.WriteLine($"  unavailable: {failure.GetType().Name}: {failure.Message}");
        }

        text.WriteLine();
    }

    private static IEnumerable<string> Versions()
    {
        foreach (string line in VersionCheck.Run())
            yield return line;
        yield return $".NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}";
        yield return RuntimeInformation.OSDescription;
    }

    private IEnumerable<string> Machine()
    {
        var facts = machine.Look();
        yield return $"{facts.Cores} cores, {RuntimeInformation.ProcessArchitecture}";
        yield return $"memory: {Sizes.Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} in all, {Sizes.Of(facts.FreeMemory)} free";
        foreach (var gpu in facts.Gpus)
            yield return $"cuda:{gpu.Index}: {gpu.Name}, compute capability {gpu.ComputeCapability}, {Sizes.Of(gpu.FreeMemory)} free";
        if (facts.Gpus.Count == 0)
            yield return "no GPU that this build of the program can compute on";
        if (facts.Graphs is { } graphs)
        {
            foreach (string line in GpuReport.Devices(graphs))
                yield return line;
        }

        var driver = machine.Driver();
        if (driver.Version is not null)
        {
            string gpus = string.Join(", ", driver.Gpus.Select(gpu => gpu.Name).DefaultIfEmpty("no GPU"));
            yield return $"NVIDIA driver {driver.Version}: {gpus}";
        }
        if (facts.Gpus.Count == 0 && driver.Gpus.Count > 0)
            yield return "to compute on it: hypir gpu install cuda";
        // Their values may contain passwords and network details: only report whether they are set.
        var set = Variables.Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        yield return $"set: {string.Join(", ", set.DefaultIfEmpty("none of the variables that matter"))}";
        foreach (var speed in AppFolder.Speeds.Read())
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"measured: {speed.Model} on {speed.Device} in {speed.Precision}, {speed.OperationsPerSecond / 1e9:0.0} billion "
                    + $"operations a second"
            );
    }

    private IEnumerable<string> Models()
    {
        string space = Directory.Exists(store.Folder)
            ? $", {Sizes.Of(new DriveInfo(store.Folder).AvailableFreeSpace)} free"
            : " (nothing kept there yet)";
        yield return $"store: {store.Folder}{space}";
        foreach (var entry in Manifest.Load([], optional: true).Entries.Where(entry => entry.BuiltIn is not null))
            yield return $"{entry.Name}: {entry.Title}, {BuiltIn(entry.BuiltIn!)}";
        var index = store.Read();
        foreach (var (name, entry) in index.Entries)
        {
            yield return $"{name}: {entry.Title}{(entry.Base is null ? "" : $", on {entry.Base}")}, "
                + $"{(entry.Linked ? "linked" : "own files")}";
            foreach (var file in entry.Files)
                yield return $"  {Describe(entry, file)}";
        }

        foreach (var (id, acceptance) in index.Licences)
            yield return string.Create(CultureInfo.InvariantCulture, $"license {id}: accepted on {acceptance.Accepted:yyyy-MM-dd}");
    }

    private static string BuiltIn(string place)
    {
        string path = Path.Combine(AppContext.BaseDirectory, place);
        return File.Exists(path) || Directory.Exists(path) ? "built in" : "built in, MISSING";
    }

    private string Describe(StoredEntry entry, StoredFile file)
    {
        string path = store.PathOf(entry, file),
            name = file.Path.Length > 0 ? file.Path : Path.GetFileName(path);
        string there =
            !File.Exists(path) ? ", MISSING"
            : new FileInfo(path).Length != file.Size ? $", WRONG LENGTH {new FileInfo(path).Length}"
            : "";
        return $"{name}, {file.Size} bytes{there}, sha256 {file.Sha256 ?? "unverified"}{(file.Pinned ? " (pinned here)" : "")}";
    }

    private IEnumerable<string> Errors()
    {
        var lines = errors.Read().TakeLast(LastErrors).ToArray();
        if (lines.Length == 0)
            yield return "none";
        foreach (string line in lines)
        {
            using var json = JsonDocument.Parse(line);
            string first = json.RootElement.GetProperty("trace").GetString()?.Split('\n')[0].TrimEnd() ?? "";
            // Our own messages say what happened; the class names of others help to find out.
            bool own = first.StartsWith("Hypir.", StringComparison.Ordinal);
            string what = own && first.Split(": ", 2) is [_, var message] ? message : first;
            yield return $"{json.RootElement.GetProperty("time").GetString()} UTC, {what}";
        }
    }
}

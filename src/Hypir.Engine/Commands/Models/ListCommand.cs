using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Models;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models list</c>: what <c>--model</c> accepts now, what can be downloaded, and what only training uses.</summary>
internal static class ListCommand
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly (ModelGroup Group, string Title)[] Groups =
    [
        (ModelGroup.Ready, "Ready: hypir restore -m NAME"),
        (ModelGroup.Broken, "Installed, but not usable now"),
        (ModelGroup.Available, "To download: hypir models pull NAME"),
        (ModelGroup.Training, "For training only"),
    ];

    private const int Column = 29, LeastForColumns = 60;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var json = Options.Flag("--json", "One JSON object a line.");
        return StoreCommand.Finish(
            new Command("list", "List installed and available models."),
            "hypir models list [options]",
            "\"unverified\" means that no size or hash has been published: later downloads must match the first one.",
            symbols,
            [json],
            pages,
            (line, _) =>
            {
                var rows = ModelRow.All(symbols.Store(line), symbols.Manifest(line), AppContext.BaseDirectory).ToArray();
                if (line.GetValue(json))
                    Array.ForEach(rows, row => Console.WriteLine(JsonSerializer.Serialize(row, Format)));
                else
                    Write(rows);
                return Task.FromResult(ExitCode.Success);
            });
    }

    private static void Write(ModelRow[] rows)
    {
        bool first = true;
        foreach (var (group, title) in Groups)
        {
            var members = rows.Where(row => row.Group == group).ToArray();
            if (members.Length == 0)
                continue;
            Console.WriteLine(first ? title : Environment.NewLine + title);
            first = false;
            foreach (var row in members)
                Write(row, TerminalText.Width);
        }
    }

    private static void Write(ModelRow row, int width)
    {
        string? size = row.Bytes is { } bytes ? Sizes.Of(bytes) : row.State == "built in" ? null : "size unverified";
        string? under = row.Base is null ? null : $"on {row.Base}", terms = row.Licence is null ? null : $"license: {row.Licence}";
        string facts = string.Join(", ", ((string?[])[row.State, size, row.Hashes, under, terms]).OfType<string>());
        // A narrow terminal has no room for a second column.
        bool narrow = width < LeastForColumns;
        int column = narrow ? 4 : Column;
        string margin = new(' ', column), name = TerminalText.Printable(row.Name);
        if (narrow)
            Console.WriteLine($"  {name}");
        string first = narrow ? margin : $"  {name} ".PadRight(column);
        string?[] lines = [first + row.Title, margin + facts, row.Problem is null ? null : margin + row.Problem];
        foreach (string line in lines.OfType<string>())
            TerminalText.WriteLine(Console.Out, TerminalText.Printable(line), width, column);
    }
}

/// <summary>What a model is good for now.</summary>
internal enum ModelGroup
{
    /// <summary>It restores images.</summary>
    Ready,

    /// <summary>It is installed, but something is missing.</summary>
    Broken,

    /// <summary>It can be downloaded or added.</summary>
    Available,

    /// <summary>Only training uses it.</summary>
    Training,
}

/// <summary>A line of the list.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">base, lora, or training.</param>
/// <param name="Title">What it does.</param>
/// <param name="State">Where it is.</param>
/// <param name="Base">The model that LoRA weights are for; null if none.</param>
/// <param name="Bytes">Its size; null if unknown.</param>
/// <param name="Hashes">What is known about its hashes; null for a built-in model.</param>
/// <param name="Licence">The license's name; null if unknown.</param>
/// <param name="Path">Its file or folder; null if it is not installed.</param>
internal sealed record ModelRow(
    string Name, string Kind, string Title, string State, string? Base, long? Bytes, string? Hashes, string? Licence, string? Path)
{
    /// <summary>What it is good for now.</summary>
    [JsonIgnore]
    public ModelGroup Group { get; init; }

    /// <summary>Whether <c>hypir restore --model</c> accepts it now.</summary>
    public bool Usable => Group == ModelGroup.Ready;

    /// <summary>restore or training.</summary>
    public string Use => Group == ModelGroup.Training ? "training" : "restore";

    /// <summary>Why an installed model is not usable, and what helps; otherwise null.</summary>
    public string? Problem { get; init; }

    /// <summary>All rows, in the order of the manifest; the user's own models follow.</summary>
    /// <param name="store">The installed models.</param>
    /// <param name="manifest">The known models.</param>
    /// <param name="programFolder">The folder of the built-in models.</param>
    public static IEnumerable<ModelRow> All(ModelStore store, Manifest manifest, string programFolder)
    {
        var entries = store.Read().Entries;
        foreach (var known in manifest.Entries)
        {
            yield return entries.GetValueOrDefault(known.Name) is { } here && known.BuiltIn is null
                ? Installed(known.Name, here, store, manifest, programFolder)
                : Known(known, store, programFolder);
        }

        foreach (var (name, entry) in entries.Where(pair => manifest.Find(pair.Key) is null))
            yield return Installed(name, entry, store, manifest, programFolder);
    }

    private static ModelRow Known(ManifestEntry known, ModelStore store, string programFolder)
    {
        string? place = known.BuiltIn is { } own ? System.IO.Path.Combine(programFolder, own) : null;
        bool gone = place is not null && !Directory.Exists(place) && !File.Exists(place);
        return new(
            known.Name, Word(known.Kind), known.Title, place is null ? StateOf(known, store) : "built in", known.Base,
            place is null ? known.Size : gone ? null : BytesOf(place),
            place is null ? Unverified(known.Files.Count(file => file.Sha256 is null), known.Files.Count) : null, known.Licence?.Name,
            null)
        {
            Group = known.Kind == EntryKind.Training ? ModelGroup.Training
                : place is null ? ModelGroup.Available
                : gone ? ModelGroup.Broken : ModelGroup.Ready,
            Problem = gone ? $"{place} is missing. Reinstall or repair Hypir." : null,
        };
    }

    private static ModelRow Installed(string name, StoredEntry entry, ModelStore store, Manifest manifest, string programFolder)
    {
        string? problem = ProblemOf(name, entry, store, manifest, programFolder);
        bool missing = entry.Files.Any(file => !File.Exists(store.PathOf(entry, file)));
        int pinned = entry.Files.Count(file => file.Pinned), unknown = entry.Files.Count(file => file.Sha256 is null);
        string hashes = unknown > 0 ? Unverified(unknown, entry.Files.Count)
            : pinned > 0 ? $"{pinned} of {entry.Files.Count} hashes pinned here"
            : "verified";
        return new(
            name, Word(entry.Kind), entry.Title, missing ? "files are missing" : entry.Linked ? "linked" : "here", entry.Base,
            entry.Files.Sum(file => file.Size), hashes, entry.Licence, store.PathOf(entry))
        {
            Group = entry.Kind == EntryKind.Training ? ModelGroup.Training : problem is null ? ModelGroup.Ready : ModelGroup.Broken,
            Problem = problem,
        };
    }

    private static string? ProblemOf(string name, StoredEntry entry, ModelStore store, Manifest manifest, string programFolder)
    {
        if (entry.Files.Select(file => store.PathOf(entry, file)).FirstOrDefault(file => !File.Exists(file)) is { } lost)
            return $"{lost} is missing. " + (manifest.Find(name) is null
                ? $"`hypir models remove {name}` forgets the model." : $"`hypir models pull {name}` downloads it again.");
        if (entry.Kind == EntryKind.Training)
            return null;
        if (entry is { Kind: EntryKind.Lora, Base: null } or { Files.Count: 0 })
            return $"Its entry is damaged. `hypir models remove {name}` forgets the model.";
        try
        {
            var found = store.Find(name, manifest, programFolder)!;
            return System.IO.Path.Exists(found.Path) ? null : $"{found.Path} of {entry.Base} is missing.";
        }
        catch (StoreException failure)
        {
            return $"{failure.Message} {failure.Remedy}".TrimEnd();
        }
    }

    private static long BytesOf(string place) => File.Exists(place) ? new FileInfo(place).Length
        : new DirectoryInfo(place).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string StateOf(ManifestEntry entry, ModelStore store)
    {
        long there = store.BytesHere(entry);
        return entry.Files.All(file => file.Sources.Count == 0) ? "must be added manually"
            : there == 0 ? "available"
            : entry.Size is { } size ? string.Create(CultureInfo.InvariantCulture, $"partly here ({100.0 * there / size:0} %)")
            : $"partly here ({Sizes.Of(there)})";
    }

    private static string Unverified(int unknown, int all) => unknown == 0 ? "hashes known" : $"{unknown} of {all} hashes unverified";

    private static string Word(EntryKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

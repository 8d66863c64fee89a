using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models list</c>.</summary>
internal static class ListCommand
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

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
                foreach (var row in Rows(symbols.Store(line), symbols.Manifest(line)))
                    Console.WriteLine(line.GetValue(json) ? JsonSerializer.Serialize(row, Format) : Line(row));
                return Task.FromResult(ExitCode.Success);
            });
    }

    private static IEnumerable<Row> Rows(ModelStore store, Manifest manifest)
    {
        var entries = store.Read().Entries;
        foreach (var known in manifest.Entries)
        {
            var here = entries.GetValueOrDefault(known.Name);
            yield return here is not null ? Of(known.Name, here, store)
            : known.BuiltIn is { } place
                ? new Row(
                    known.Name, Word(known.Kind), known.Title, "built in", known.Base, Shipped(place), null, known.Licence?.Name, null)
            : new Row(
                known.Name, Word(known.Kind), known.Title, State(known, store), known.Base, known.Size,
                Hashes(known.Files.Count(file => file.Sha256 is null), known.Files.Count), known.Licence?.Name, null);
        }

        foreach (var (name, entry) in entries.Where(pair => manifest.Find(pair.Key) is null))
            yield return Of(name, entry, store);
    }

    private static Row Of(string name, StoredEntry entry, ModelStore store)
    {
        bool missing = entry.Files.Any(file => !File.Exists(store.PathOf(entry, file)));
        int pinned = entry.Files.Count(file => file.Pinned),
            unknown = entry.Files.Count(file => file.Sha256 is null);
        string hashes =
            unknown > 0 ? Hashes(unknown, entry.Files.Count)
            : pinned > 0 ? $"{pinned} of {entry.Files.Count} hashes pinned here"
            : "verified";
        return new Row(
            name,
            Word(entry.Kind),
            entry.Title,
            missing ? "files are missing"
                : entry.Linked ? "linked"
                : "here",
            entry.Base,
            entry.Files.Sum(file => file.Size),
            hashes,
            entry.Licence,
            store.PathOf(entry)
        );
    }

    /// <summary>Bytes of a model that ships with the program; null if it was deleted.</summary>
    private static long? Shipped(string place)
    {
        var folder = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, place));
        return folder.Exists ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : null;
    }

    private static string State(ManifestEntry entry, ModelStore store)
    {
        long there = store.BytesHere(entry);
        return entry.Files.All(file => file.Sources.Count == 0) ? "must be added manually"
            : there == 0 ? "available"
            : entry.Size is { } size ? string.Create(CultureInfo.InvariantCulture, $"partly here ({100.0 * there / size:0} %)")
            : $"partly here ({Sizes.Of(there)})";
    }

    private static string Hashes(int unknown, int all) => unknown == 0 ? "hashes known" : $"{unknown} of {all} hashes unverified";

    private static string Word(EntryKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string Line(Row row)
    {
        string? size = row.Bytes is { } bytes ? Sizes.Of(bytes) : row.State == "built in" ? null : "size unverified";
        string? under = row.Base is null ? null : $"on {row.Base}", terms = row.Licence is null ? null : $"license: {row.Licence}";
        string facts = string.Join(", ", ((string?[])[row.State, size, row.Hashes, under, terms]).OfType<string>());
        return $"{row.Name,-26} {row.Title}{Environment.NewLine}{"",-26} {facts}";
    }

    private sealed record Row(
        string Name, string Kind, string Title, string State, string? Base, long? Bytes, string? Hashes, string? Licence, string? Path);
}

using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>What a person should know about how a result came about.</summary>
/// <param name="Phrase">What is said.</param>
/// <param name="Value">What fills its place, if it has one.</param>
public readonly record struct Note(Phrase Phrase, object? Value = null)
{
    /// <summary>What is to be told of a result, from what was carried out: the engine's own sentences are English. Mostly nothing.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="restarts">How often an engine had to be started again.</param>
    internal static IReadOnlyList<Note> Of(RestoreRequest asked, JobResult result, int restarts)
    {
        List<Note> notes = [];
        RestoreRequest did = result.CarriedOut;
        if (restarts > 0)
            notes.Add(new(Phrase.EngineRestarted));
        if (did.Device != asked.Device)
            notes.Add(new(Phrase.NotedCpu));
        if (did.Precision != asked.Precision)
            notes.Add(new(Phrase.NotedPrecision, did.Precision));
        if (did.Tile is not null && did.Tile != asked.Tile)
            notes.Add(new(Phrase.NotedTile, did.Tile));
        // Steps are told above; what is left is what stages say of themselves.
        if (notes.Count == 0 && result.Notes.Count > 0)
            notes.Add(new(Phrase.NotedWider));
        return notes;
    }
}

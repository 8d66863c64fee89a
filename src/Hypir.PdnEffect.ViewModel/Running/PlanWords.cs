using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>What a restoration will take, before it starts: "165 tiles, about 58 minutes on CPU, 3.1 GB; about 2 minutes on your GPU".</summary>
internal static class PlanWords
{
    /// <param name="words">The language.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="onCard">The plan on the GPU, where there is one and another device was chosen.</param>
    /// <param name="offersCard">Whether there is a card that is not used yet.</param>
    public static string Of(Words words, PlanAnswer plan, PlanAnswer? onCard, bool offersCard = false)
    {
        string device = plan.Device == "cpu" ? "CPU" : words[Phrase.Gpu];
        // The memory of what computes, as on the command line.
        long bytes = plan.CardMemoryBytes > 0 ? plan.CardMemoryBytes : plan.MemoryBytes;
        string[] parts =
        [
            plan.Tiles == 1 ? words[Phrase.OneTile] : words.Of(Phrase.Tiles, plan.Tiles),
            plan.Seconds is { } seconds ? words.Of(Phrase.PlanTime, ProgressWords.Duration(words, seconds), device) : words.Of(Phrase.PlanTimeUnknown, device),
            words.Of(Phrase.PlanMemory, PlanFigures.Gigabytes(bytes)),
        ];
        string text = parts.Aggregate((said, part) => words.Of(Phrase.And, said, part));
        if (onCard?.Seconds is { } faster)
            text = words.Of(Phrase.Further, text, words.Of(Phrase.PlanElsewhere, ProgressWords.Duration(words, faster)));
        else if (offersCard)
            text = words.Of(Phrase.Further, text, words[Phrase.GpuOffer]);
        return plan.Fits ? text : words.Of(Phrase.Further, text, words[Phrase.PlanTooLarge]);
    }
}

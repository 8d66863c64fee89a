using Hypir.Protocol;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>The words of each failure: what is wrong, and what to do. What the engine itself says is English.</summary>
internal static class FailureWords
{
    public static (string Message, string Action) Of(Words words, EngineException failure)
    {
        EngineError error = failure.Error;
        return error switch
        {
            EngineError.VersionMismatch => (words.Of(Phrase.VersionMismatch, failure.Details.Version ?? words[Phrase.UnknownVersion]), words[Phrase.VersionMismatchAction]),
            EngineError.BadModel => (words.Of(Phrase.BadModel, failure.Message), failure.Remedy ?? words[Phrase.BadModelAction]),
            EngineError.BadRequest or EngineError.GpuUnsuitable => (failure.Message, failure.Remedy ?? words[Phrase.BadRequestAction]),
            EngineError.BadPixels => (words[Phrase.BadPixels], words[Phrase.Retry]),
            EngineError.RestartNeeded => (words[Phrase.ShuttingDown], words[Phrase.ShuttingDownAction]),
            EngineError.DownloadFailed => (words.Of(Phrase.DownloadFailed, failure.Message), failure.Remedy ?? words[Phrase.DownloadFailedAction]),
            EngineError.CannotWrite => (words[Phrase.CannotWrite], failure.Remedy is { } remedy ? $"{remedy} {words[Phrase.CannotWriteAction]}" : words[Phrase.CannotWriteAction]),
            _ => Enum.TryParse(error.ToString(), out Phrase message) && Enum.TryParse($"{error}Action", out Phrase action) ? (words[message], words[action])
                : (words.Of(Phrase.RestorationFailed, failure.Message), failure.Remedy ?? words[Phrase.Retry]),
        };
    }

    public static (string Message, string Action) Of(Words words, Exception failure) => failure switch
    {
        OutOfMemoryException => (words[Phrase.ResultTooLarge], words[Phrase.ResultTooLargeAction]),
        PictureTooLargeException => (words[Phrase.PictureTooLarge], words[Phrase.PictureTooLargeAction]),
        IOException => (words.Of(Phrase.Exchange, failure.Message), words[Phrase.Retry]),
        _ => (words.Of(Phrase.EffectFailed, failure.Message), words[Phrase.Retry]),
    };
}

using System.Runtime.InteropServices;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>
/// The words of each failure: what is wrong, and what to do. Each code of the protocol has its own; what the engine itself says is English and stands in the
/// diagnostics, and in the message too where the dialog is English.
/// </summary>
internal static class FailureWords
{
    /// <summary>Failures of which the engine knows more than their code says.</summary>
    private static readonly EngineError[] Detailed =
        [EngineError.Internal, EngineError.EngineDidNotStart, EngineError.BadRequest, EngineError.BadModel, EngineError.CannotWrite, EngineError.DownloadFailed, EngineError.GpuUnsuitable];

    /// <summary>Failures against which nothing helps but another try.</summary>
    private static readonly EngineError[] Retried = [EngineError.Internal, EngineError.BadPixels];

    public static (string Message, string Action) Of(Words words, EngineException failure)
    {
        string message = words.Of(Enum.Parse<Phrase>(failure.Error.ToString()), failure.Error switch
        {
            EngineError.VersionMismatch => failure.Details.Version ?? words[Phrase.UnknownVersion],
            EngineError.BadRequest => Option(words, failure.Details.Option),
            EngineError.DownloadFailed => Cause(words, failure.Details.Cause),
            _ => null,
        });
        string action = words[Retried.Contains(failure.Error) ? Phrase.Retry : Enum.Parse<Phrase>($"{failure.Error}Action")];
        return words.AreTheEngines && Detailed.Contains(failure.Error) ? (words.Of(Phrase.Then, message, failure.Message), failure.Remedy ?? action) : (message, action);
    }

    public static (string Message, string Action) Of(Words words, Exception failure) => failure switch
    {
        OutOfMemoryException => (words[Phrase.ResultTooLarge], words[Phrase.ResultTooLargeAction]),
        ImageTooLargeException => (words[Phrase.PictureTooLarge], words[Phrase.PictureTooLargeAction]),
        CopyException => (words[Phrase.CopyFailed], words[Phrase.CopyFailedAction]),
        ExternalException => (words[Phrase.ClipboardFailed], words[Phrase.ClipboardFailedAction]), // Only the system's clipboard throws it.
        IOException => (words[Phrase.Exchange], words[Phrase.Retry]),
        _ => (words[Phrase.EffectFailed], words[Phrase.Retry]),
    };

    private static string Option(Words words, string? option) => words.Plain(option switch
    {
        "model" => Phrase.Model,
        "prompt" => Phrase.Prompt,
        "tile" or "stride" => Phrase.Tile,
        "t" or "coeff-t" => Phrase.Timestep,
        "precision" => Phrase.Precision,
        "device" => Phrase.Device,
        "upscale" or "longest-side" or "width" or "height" => Phrase.OptionSize,
        "path" => Phrase.OptionFile,
        _ => Phrase.OptionOther,
    });

    private static string Cause(Words words, string? cause) => words[Enum.TryParse($"Cause{cause}", ignoreCase: true, out Phrase known) ? known : Phrase.CauseUnknown];
}

using System.Runtime.InteropServices;
using System.Text;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>A failure in words for the user.</summary>
/// <param name="Message">The problem.</param>
/// <param name="Action">The remedy.</param>
/// <param name="Diagnostics">Details for troubleshooting, without the prompt or anything about the image.</param>
public sealed record Failure(string Message, string Action, string Diagnostics)
{
    /// <summary>Puts an exception into words.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="engine">The engine in use.</param>
    /// <param name="words">The language.</param>
    public static Failure Of(Exception failure, EngineAccess engine, Words words)
    {
        (string message, string action) = failure is EngineException told ? FailureWords.Of(words, told) : FailureWords.Of(words, failure);
        return new(message, action, Describe(failure, engine, message, action));
    }

    private static string Describe(Exception failure, EngineAccess engine, string message, string action)
    {
        var text = new StringBuilder().AppendLine(message).AppendLine(action).AppendLine()
            .AppendLine($"Effect: {typeof(Failure).Assembly.GetName().Version?.ToString(3)}, protocol {ProtocolVersion.Current}")
            .AppendLine(
                $"System: {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
                    + $"{RuntimeInformation.FrameworkDescription}"
            )
            .AppendLine($"Engine: {engine.Location?.Executable ?? "not found"}");
        if (failure is EngineException told)
        {
            text.AppendLine($"The engine said: {told.Message} {told.Remedy}");
            text.AppendLine(
                $"Error: {(int)told.Error} {told.Error}; option {told.Details.Option ?? "-"}; engine's version "
                    + $"{told.Details.Version ?? "-"}"
            );
            foreach (EngineEnd end in told.Ends)
                text.AppendLine(end.ToString()).AppendJoin(Environment.NewLine, end.LastLines).AppendLine();
        }
        text.AppendLine().AppendLine(failure.ToString());
        // The home folder contains the user's name.
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 1 ? text.ToString().Replace(home, "~", StringComparison.OrdinalIgnoreCase) : text.ToString();
    }
}

/// <summary>
/// The texts of each failure: problem and remedy. Each protocol code has its own. The engine's own message is in English; it appears in the
/// diagnostics, and also in the message if the dialog is in English.
/// </summary>
internal static class FailureWords
{
    /// <summary>Failures for which the engine's message adds to the code.</summary>
    private static readonly EngineError[] Detailed =
    [
        EngineError.Internal, EngineError.EngineDidNotStart, EngineError.BadRequest, EngineError.BadModel, EngineError.CannotWrite,
        EngineError.DownloadFailed, EngineError.GpuUnsuitable,
    ];

    /// <summary>Failures whose only remedy is to try again.</summary>
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
        return words.AreTheEngines && Detailed.Contains(failure.Error)
            ? (words.Of(Phrase.Then, message, failure.Message), failure.Remedy ?? action)
            : (message, action);
    }

    public static (string Message, string Action) Of(Words words, Exception failure) => failure switch
    {
        OutOfMemoryException => (words[Phrase.ResultTooLarge], words[Phrase.ResultTooLargeAction]),
        ImageTooLargeException => (words[Phrase.ImageTooLarge], words[Phrase.ImageTooLargeAction]),
        CopyException => (words[Phrase.CopyFailed], words[Phrase.CopyFailedAction]),
        ExternalException => (words[Phrase.ClipboardFailed], words[Phrase.ClipboardFailedAction]), // Only the system clipboard throws this.
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

    private static string Cause(Words words, string? cause) =>
        words[Enum.TryParse($"Cause{cause}", ignoreCase: true, out Phrase known) ? known : Phrase.CauseUnknown];
}

/// <summary>A restoration failed; the message states the problem and the remedy.</summary>
/// <param name="failure">The failure.</param>
/// <param name="inner">The cause.</param>
public sealed class RestorationException(Failure failure, Exception inner) : Exception($"{failure.Message}\n\n{failure.Action}", inner)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>The message and the diagnostics, which hosts show as details.</summary>
    public override string ToString() => Failure.Diagnostics;
}

using Hypir.Protocol;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>The words of each failure: what is wrong, and what to do.</summary>
internal static class FailureWords
{
    private const string Retry = "Try again. If it happens again, report it with the diagnostics.";

    public static (string Message, string Action) Of(EngineException failure) => failure.Error switch
    {
        EngineError.EngineMissing => ("The restoration engine is not installed.", "Install Hypir, then press Restore again."),
        EngineError.EngineDidNotStart => ("The restoration engine does not start.",
            "Start \"hypir doctor\" in a terminal to see why, or install Hypir again. The diagnostics hold what the engine said."),
        EngineError.EngineCrashed => ("The restoration engine ended unexpectedly, twice.",
            "Close other programs or try a smaller selection. If it happens again, report it with the diagnostics."),
        EngineError.EngineUnresponsive => ("The restoration engine does not answer.", "Restart the computer or end the process \"hypir\", then try again."),
        EngineError.ForeignPipe => ("A program of another user answers in the engine's place.", "End that program, or ask who looks after this computer."),
        EngineError.VersionMismatch => ($"The engine that runs is of another version ({failure.Details.Version ?? "unknown"}) than this effect.",
            "Install the current version of Hypir, close all programs that use it, and restart Paint.NET."),
        EngineError.UnknownModel => ("The model is not installed any more.", "Choose another model, or install it with \"hypir models pull\"."),
        EngineError.BadModel => ($"The model cannot be used: {failure.Message}", failure.Remedy ?? "Choose another model, or install it again."),
        EngineError.OutOfMemory => ("There is not enough memory, even in small steps.", "Close other programs, select a smaller part, or work at 1x."),
        EngineError.CannotWrite => ("The disk for temporary files is full, or cannot be written to.", $"{failure.Remedy ?? "Make room on it."} Then try again."),
        EngineError.BadPixels => ("The pixels were damaged on the way to the engine or back.", Retry),
        EngineError.BadRequest => (failure.Message, failure.Remedy ?? "Change the settings."),
        EngineError.ShuttingDown or EngineError.RestartNeeded => ("The restoration engine is being restarted.", "Try again in a moment."),
        _ => ($"The restoration failed: {failure.Message}", failure.Remedy ?? Retry),
    };

    public static (string Message, string Action) Of(Exception failure) => failure switch
    {
        OutOfMemoryException => ("There is not enough memory for the result.", "Close other programs, or select a smaller part."),
        PictureTooLargeException => (failure.Message, "Select a smaller part."),
        IOException => ($"The pixels could not be exchanged with the engine: {failure.Message}", Retry),
        _ => ($"The effect failed: {failure.Message}", Retry),
    };
}

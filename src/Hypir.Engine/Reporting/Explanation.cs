using Hypir.Networks.Libraries;

namespace Hypir.Engine.Reporting;

/// <summary>A failure as it is told: what is wrong, and what to do next.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do; null where nothing is to be said.</param>
internal sealed record Explanation(string Message, string? Remedy)
{
    /// <summary>Explains a failure.</summary>
    public static Explanation Of(Exception failure) => (failure, ExitCodes.Of(failure)) switch
    {
        (_, ExitCode.Cancelled) => new("Cancelled.", null),
        (HypirException known, _) => new(known.Message, known.Remedy),
        (_, ExitCode.OutOfMemory) => new("There is not enough memory for this.", "A smaller --tile needs less; --dry-run tells how much. Or restore a smaller picture."),
        _ when NativeTorch.Failure is var (message, remedy) => new(message, remedy),
        (TypeInitializationException { TypeName: "TorchSharp.torch" }, _) => new("libtorch is missing or does not load.", "Install Hypir again, or repair it (docs/install.md); `hypir doctor` tells more."),
        // Native libraries append their own stack to the message.
        _ => new(failure.Message.Split('\n')[0].Trim(), "This is a fault of the program: run it again with --verbose and report what it says."),
    };
}

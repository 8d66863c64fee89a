namespace Hypir.Engine.Reporting;

/// <summary>Chooses how a run is told.</summary>
internal static class Reporters
{
    /// <summary>JSON where it was asked for, a progress bar where a person looks on, plain lines otherwise.</summary>
    public static IReporter Choose(bool json, bool verbose)
    {
        if (json)
            return new JsonReporter(Console.Out, verbose);
        return !Console.IsOutputRedirected && ErrorConsole.IsLive(ErrorConsole.Open()) ? new LiveReporter(verbose) : new TextReporter(verbose);
    }
}

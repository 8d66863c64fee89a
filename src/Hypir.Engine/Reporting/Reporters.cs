namespace Hypir.Engine.Reporting;

/// <summary>Chooses how a run is told.</summary>
internal static class Reporters
{
    /// <summary>JSON where it was asked for, a progress bar where a person looks on, plain lines otherwise.</summary>
    public static IReporter Choose(bool json, bool verbose)
    {
        if (json)
            return new JsonReporter(Console.Out, verbose);
        bool terminal = !Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return terminal ? new LiveReporter(verbose) : new TextReporter(verbose);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>What went wrong, for people.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Action">What to do.</param>
/// <param name="Diagnostics">What somebody who helps needs to know. No prompt is in it, and nothing of the picture.</param>
public sealed record Failure(string Message, string Action, string Diagnostics)
{
    /// <summary>Puts an exception into words.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="engine">The engine that was asked.</param>
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
            .AppendLine($"System: {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}")
            .AppendLine($"Engine: {engine.Location?.Executable ?? "not found"}");
        if (failure is EngineException told)
        {
            text.AppendLine($"The engine said: {told.Message} {told.Remedy}");
            text.AppendLine($"Error: {(int)told.Error} {told.Error}; option {told.Details.Option ?? "-"}; engine's version {told.Details.Version ?? "-"}");
            foreach (EngineEnd end in told.Ends)
                text.AppendLine(end.ToString()).AppendJoin(Environment.NewLine, end.LastLines).AppendLine();
        }
        text.AppendLine().AppendLine(failure.ToString());
        // The user's name stands in the folder's.
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 1 ? text.ToString().Replace(home, "~", StringComparison.OrdinalIgnoreCase) : text.ToString();
    }
}

using System.Text.Json;

namespace Hypir.Testing;

/// <summary>What a run of a program gave.</summary>
public sealed record ProgramRun(ExitCode Code, string Output, string Error)
{
    /// <summary>The JSON lines of the output.</summary>
    public IReadOnlyList<JsonElement> Events =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>The JSON lines of one kind.</summary>
    public IReadOnlyList<JsonElement> Of(string kind) => [.. Events.Where(line => line.GetProperty("event").GetString() == kind)];

    /// <summary>Fails where the run ended otherwise, and shows what it said.</summary>
    public ProgramRun MustEnd(ExitCode code)
    {
        Assert.AreEqual(code, Code, $"{Output}\n{Error}");
        return this;
    }
}

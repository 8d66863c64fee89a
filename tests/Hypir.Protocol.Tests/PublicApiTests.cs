using Hypir.Protocol.Client;
using Hypir.Testing;

namespace Hypir.Protocol.Tests;

/// <summary>
/// Other programs are built against Hypir.Protocol: its public API changes only together with public-api.txt, where a review sees it.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    private const string Variable = "HYPIR_UPDATE_API";

    [TestMethod]
    public void The_public_API_is_the_one_in_public_api_txt()
    {
        string path = Path.Combine(Repository.Root, "tests", "Hypir.Protocol.Tests", "public-api.txt");
        string actual = PublicApi.Render(typeof(EngineClient).Assembly);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
            File.WriteAllText(path, actual);
        string[] expected = Qualified(File.ReadAllText(path)), found = Qualified(actual);
        string[] changes = [.. expected.Except(found).Select(line => $"- {line}"), .. found.Except(expected).Select(line => $"+ {line}")];
        Assert.IsEmpty(changes, $"""
            The public API of Hypir.Protocol has changed:
            {string.Join('\n', changes)}
            If that is intended, rewrite public-api.txt and commit it together with the change:
            {Variable}=1 dotnet test tests/Hypir.Protocol.Tests --filter {nameof(PublicApiTests)}
            """);
    }

    /// <summary>Each member with the type that declares it, so that equal members of two types stay apart.</summary>
    private static string[] Qualified(string text)
    {
        string type = "";
        var lines = new List<string>();
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line[0] == ' ' ? type : line;
            lines.Add(line == type ? line : $"{type}: {line.Trim()}");
        }
        return [.. lines];
    }
}

using System.Text.RegularExpressions;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>The CPU kernels stay in their folder: other code sees whole networks, and the few helpers that are listed here.</summary>
[TestClass]
public sealed partial class KernelFenceTests
{
    /// <summary>Types of the folder that other code may name.</summary>
    private static readonly string[] Open =
    [
        "FastUNet", "FastVae", "FastCompact", "FastDnCnn", "FastDruNet", "FastEsrgan", "UNetConditions", "TensorMemory", "ParallelLoop",
        "FastGradients",
    ];

    [TestMethod]
    public void Other_code_names_only_the_open_types_of_the_kernels()
    {
        string source = Path.Combine(Repository.Root, "src"), folder = Path.Combine(source, "Hypir.Networks", "Fast");
        string[] closed =
        [
            .. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups[1].Value)
                .Except(Open),
        ];
        Assert.IsGreaterThan(20, closed.Length);
        // Polly has an Exponential too.
        var name = new Regex($@"(?<!DelayBackoffType\.)\b(?:{string.Join('|', closed)})\b");
        string[] breaches =
        [
            .. Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.StartsWith(folder, StringComparison.Ordinal)
                    && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .SelectMany(file => name.Matches(Comments().Replace(File.ReadAllText(file), ""))
                    .Select(match => $"{Path.GetRelativePath(source, file)}: {match.Value}"))
                .Distinct(),
        ];
        Assert.IsEmpty(breaches, string.Join('\n', breaches));
    }

    [GeneratedRegex(@"^(?:public|internal) [\w ]*?\b(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comments();
}

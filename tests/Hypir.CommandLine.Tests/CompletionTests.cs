using System.Diagnostics;

namespace Hypir.CommandLine.Tests;

/// <summary>Scripts that complete commands, options, and values.</summary>
[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Bash_completes_every_command_and_option()
    {
        foreach (string program in (string[])["hypir", "hypir-train"])
        {
            var root = ProgramCommand.All.First(command => command.Path == program).Command;
            string function = "_" + program.Replace('-', '_');
            // One shell answers all: the words typed so far, and after a space an empty word to be completed.
            string[] typed =
                [.. ProgramCommand.All.Where(command => command.Path.Split(' ')[0] == program).Select(command => command.Path)];
            string script = CompletionScript.Of(root, program, "bash") + string.Join('\n', typed.Select(path =>
                $"COMP_WORDS=({path} ''); COMP_CWORD={path.Split(' ').Length}; {function} || COMPREPLY=(FAILED)\n"
                    + "echo \"${COMPREPLY[*]}\""));
            string[] answers = Bash(script).TrimEnd('\n').Split('\n');
            foreach (var (path, answer) in typed.Zip(answers))
            {
                var command = ProgramCommand.All.First(other => other.Path == path).Command;
                string[] words = answer.Split(' ');
                var options = command.Options.Where(option => !option.Hidden).Select(option => option.Name);
                foreach (string name in command.Subcommands.Select(sub => sub.Name).Concat(options))
                    CollectionAssert.Contains(words, name, $"{path}: {answer}");
            }
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("hypir rest", "restore")]
    [DataRow("hypir restore a.png --mo", "--model --mode")]
    [DataRow("hypir restore --mode ", "fast reference")]
    [DataRow("hypir restore --mode f", "fast")]
    [DataRow("hypir restore -o ", "")]
    [DataRow("hypir restore photo", "")]
    [DataRow("hypir completions z", "zsh")]
    [DataRow("hypir models pull --from x --acc", "--accept-license")]
    public void Bash_completes_what_was_begun(string typed, string words)
    {
        string[] parts = typed.Split(' ');
        string script = CompletionScript.Of(ProgramCommand.All[0].Command, "hypir", "bash")
            + $"COMP_WORDS=({string.Join(' ', parts.Select(part => $"'{part}'"))}); COMP_CWORD={parts.Length - 1}; _hypir\n"
            + "echo \"${COMPREPLY[*]}\"";
        Assert.AreEqual(words, Bash(script).TrimEnd('\n'));
    }

    /// <summary>In a zsh of its own, whose functions for completion only print what they get.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("hypir rest", "restore", true)]
    [DataRow("hypir restore --mode ", "fast reference", true)]
    [DataRow("hypir restore a.png --mo", "--model --mode", false)]
    [DataRow("hypir restore -o ", "", true)]
    [DataRow("hypir models pull --from x --acc", "--accept-license", false)]
    [DataRow("hypir completions z", "bash zsh powershell", true)]
    public void Zsh_is_offered_the_words_that_fit(string typed, string words, bool files)
    {
        if (!File.Exists("/usr/bin/zsh"))
            Assert.Inconclusive("zsh is not installed.");
        string[] parts = typed.Split(' ');
        string script = "compdef() { : }\ncompadd() { shift; echo \"$@\" }\n_files() { echo FILES }\n"
            + CompletionScript.Of(ProgramCommand.All[0].Command, "hypir", "zsh")
            + $"words=({string.Join(' ', parts.Select(part => $"'{part}'"))}); CURRENT={parts.Length}; _hypir\n";
        string[] told = Run("zsh", ["-f"], script).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(files, told.Contains("FILES"), string.Join('\n', told));
        string[] offered = [.. told.Where(line => line != "FILES").SelectMany(line => line.Split(' '))];
        // What was typed is compared by compadd itself.
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            CollectionAssert.Contains(offered, word);
        Assert.AreEqual(words.Length == 0, offered.Length == 0, string.Join(' ', offered));
    }

    /// <summary>PowerShell is not on every machine: what it reads is compared with the table.</summary>
    [TestMethod]
    [DataRow("zsh", "#compdef hypir", "\"{0}\") words_found=\"{1}\" ;;")]
    [DataRow("powershell", "Register-ArgumentCompleter", "'{0}' = '{1}'")]
    public void Other_shells_get_the_same_table(string shell, string first, string row)
    {
        var root = ProgramCommand.All[0].Command;
        string script = CompletionScript.Of(root, "hypir", shell);
        Assert.IsTrue(script.StartsWith(first, StringComparison.Ordinal));
        foreach (var (key, words) in CompletionScript.Rows(root, "hypir", []))
        {
            StringAssert.Contains(script, string.Format(null, row, key, words));
            Assert.IsFalse((key + words).AsSpan().ContainsAny("'\"$`\\"), "Nothing needs an escape.");
        }
    }

    private static string Bash(string script) => Run("bash", ["--norc"], script);

    private static string Run(string shell, string[] arguments, string script)
    {
        using var process = Process.Start(new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}

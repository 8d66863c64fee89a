using System.CommandLine;

namespace Hypir.CommandLine;

/// <summary><c>completions SHELL</c>: prints a script that completes a program's commands, options, and values.</summary>
public static class CompletionCommand
{
    /// <summary>Adds the command to a program, and its page to the others.</summary>
    /// <param name="root">The program, with all other commands.</param>
    /// <param name="program">Its name.</param>
    /// <param name="pages">The pages.</param>
    public static void AddTo(RootCommand root, string program, ICollection<HelpPage> pages)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(pages);
        var shell = new Argument<string>("shell") { HelpName = "bash|zsh|powershell", Description = "The shell that reads the script." };
        var command = new CheckedCommand("completions", "Print a script that completes commands and options in a shell.") { shell };
        command.Refuse(
            line => !CompletionScript.Shells.Contains(line.GetValue(shell)!),
            $"The shell must be one of {string.Join(", ", CompletionScript.Shells)}.");
        command.SetAction(line => Console.Out.Write(CompletionScript.Of(root, program, line.GetValue(shell)!)));
        root.Add(command);
        pages.Add(new(command, $"{program} completions bash|zsh|powershell", [], $"""
            Examples:
              {program} completions bash > ~/.local/share/bash-completion/completions/{program}
              {program} completions zsh > ~/.zfunc/_{program}
                  with a folder that is in $fpath before compinit
              {program} completions powershell >> $PROFILE
            """));
    }
}

using System.CommandLine;

namespace Hypir.CommandLine;

/// <summary>
/// Scripts for shells, made from a program's commands. Each holds a table: the words that may follow a command, and those that may follow
/// one of its options. Where the table has no words, the shell completes files.
/// </summary>
internal static class CompletionScript
{
    /// <summary>The supported shells.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "powershell"];

    /// <summary>Makes a script.</summary>
    /// <param name="root">The program.</param>
    /// <param name="program">Its name.</param>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    public static string Of(Command root, string program, string shell)
    {
        (string Key, string Words)[] table = [.. Rows(root, program, [])];
        string function = "_" + program.Replace('-', '_');
        return (shell switch
        {
            "bash" => Bash(program, function, table),
            "zsh" => Zsh(program, function, table),
            _ => PowerShell(program, table),
        }).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>
    /// The table: a command's path with its commands and options; its path and an option with the option's values, or nothing if it takes
    /// any other value.
    /// </summary>
    internal static IEnumerable<(string Key, string Words)> Rows(Command command, string path, IEnumerable<Option> shared)
    {
        Option[] recursive = [.. shared.Concat(command.Options.Where(option => option.Recursive))];
        Option[] options = [.. command.Options.Concat(recursive).Distinct().Where(option => !option.Hidden)];
        yield return (path, string.Join(' ', command.Subcommands.Select(sub => sub.Name)
            .Concat(command.Arguments.SelectMany(argument => Values(argument.HelpName)))
            .Concat(options.Select(option => option.Name))));
        foreach (var option in options.Where(option => option.HelpName is not null))
        {
            foreach (string name in option.Aliases.Prepend(option.Name).Distinct())
                yield return ($"{path} {name}", string.Join(' ', Values(option.HelpName)));
        }

        foreach (var row in command.Subcommands.SelectMany(sub => Rows(sub, $"{path} {sub.Name}", recursive)))
            yield return row;
    }

    /// <summary>The words of <c>fast|reference</c>; names of values such as FILE are not words to type.</summary>
    private static IEnumerable<string> Values(string? name) =>
        name?.Contains('|', StringComparison.Ordinal) == true
            ? name.Split('|').Where(word => word.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
            : [];

    private static string Bash(string program, string function, (string Key, string Words)[] table) => $$"""
        # bash completion for {{program}}
        {{function}}()
        {
            local cur=${COMP_WORDS[COMP_CWORD]} path={{program}} i
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                {{function}}_words "$path ${COMP_WORDS[i]}" && [[ ${COMP_WORDS[i]} != -* ]] && path="$path ${COMP_WORDS[i]}"
            done
            local words
            {{function}}_words "$path ${COMP_WORDS[COMP_CWORD-1]}" || {{function}}_words "$path" || return
            COMPREPLY=($(compgen -W "$words" -- "$cur"))
        }

        # Sets words, if the table has the key.
        {{function}}_words()
        {
            case "$1" in
        {{Cases(table)}}
                *) return 1 ;;
            esac
        }

        complete -o bashdefault -o default -F {{function}} {{program}}
        """;

    private static string Zsh(string program, string function, (string Key, string Words)[] table) => $$"""
        #compdef {{program}}
        {{function}}()
        {
            local place={{program}} words_found i
            for ((i = 2; i < CURRENT; i++)); do
                {{function}}_words "$place ${words[i]}" && [[ ${words[i]} != -* ]] && place="$place ${words[i]}"
            done
            {{function}}_words "$place ${words[CURRENT-1]}" || {{function}}_words "$place" || return
            [[ -n $words_found ]] && compadd -- ${=words_found}
            [[ ${words[CURRENT]} == -* ]] || _files
        }

        {{function}}_words()
        {
            case "$1" in
        {{Cases(table, "words_found")}}
                *) return 1 ;;
            esac
        }

        compdef {{function}} {{program}}
        """;

    private static string PowerShell(string program, (string Key, string Words)[] table) => $$"""
        Register-ArgumentCompleter -Native -CommandName '{{program}}', '{{program}}.exe' -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $table = @{
        {{string.Join('\n', table.Select(row => $"        '{row.Key}' = '{row.Words}'"))}}
            }
            $path = '{{program}}'
            $last = ''
            foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
                if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
                $last = $element.ToString()
                if (-not $last.StartsWith('-') -and $table.ContainsKey("$path $last")) { $path = "$path $last" }
            }
            $key = if ($table.ContainsKey("$path $last")) { "$path $last" } else { $path }
            $table[$key] -split ' ' | Where-Object { $_ -and $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static string Cases((string Key, string Words)[] table, string variable = "words") =>
        string.Join('\n', table.Select(row => $"        \"{row.Key}\") {variable}=\"{row.Words}\" ;;"));
}

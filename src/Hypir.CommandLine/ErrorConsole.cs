using Spectre.Console;

namespace Hypir.CommandLine;

/// <summary>The error stream, where both programs show progress and report errors.</summary>
public static class ErrorConsole
{
    private const string ShowCursorSequence = "\u001B[?25h";

    /// <summary>Opens the stream, set up for a terminal, a log, or a pipe.</summary>
    public static IAnsiConsole Open()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // Do not wrap lines in a log, so that paths can be copied.
        if (!IsLive(console))
            console.Profile.Width = int.MaxValue;
        return console;
    }

    /// <summary>Whether the stream is an interactive terminal that can rewrite a line.</summary>
    /// <param name="console">The stream returned by <see cref="Open"/>.</param>
    public static bool IsLive(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        return !Console.IsErrorRedirected && console.Profile.Capabilities is { Ansi: true, Interactive: true };
    }

    /// <summary>A style, or a plain one if colors are disabled: <c>NO_COLOR</c> also disables dim text.</summary>
    /// <param name="console">The console it is used on.</param>
    /// <param name="style">The style.</param>
    public static Style Styled(this IAnsiConsole console, Style style)
    {
        ArgumentNullException.ThrowIfNull(console);
        return console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors ? Style.Plain : style;
    }

    /// <summary>Reports an error: what is wrong, and what to do.</summary>
    /// <param name="message">The message.</param>
    /// <param name="remedy">The remedy; null if there is none.</param>
    public static void Report(string message, string? remedy)
    {
        var console = Open();
        // Spectre.Console would wrap a path at the edge of the terminal, and it could no longer be copied.
        console.Profile.Width = int.MaxValue;
        console.Report(message, remedy, "error:", Color.Red);
    }

    /// <summary>Reports an error, a warning, or a note, with its remedy.</summary>
    /// <param name="console">The stream returned by <see cref="Open"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="remedy">The remedy; null if there is none.</param>
    /// <param name="title">The title.</param>
    /// <param name="color">The title's color.</param>
    public static void Report(this IAnsiConsole console, string message, string? remedy, string title, Color color)
    {
        // Messages have lines of their own; of file names nothing may reach the terminal that controls it.
        if (!Console.IsErrorRedirected)
            message = string.Join('\n', message.Split('\n').Select(TerminalText.WithoutControls));
        var text = new Paragraph().Append(title, console.Styled(new Style(color))).Append($" {message}\n");
        if (remedy is not null)
            text.Append($"{new string(' ', title.Length)} {remedy}\n", console.Styled(new Style(decoration: Decoration.Dim)));
        console.Write(text);
    }

    /// <summary>Reports that the user canceled the program.</summary>
    /// <param name="message">The message.</param>
    /// <param name="remedy">How to continue; null if there is nothing to continue.</param>
    public static void Cancelled(string message = "Cancelled.", string? remedy = null)
    {
        var console = Open();
        console.Write(new Text($"{message}\n", console.Styled(new Style(Color.Yellow))));
        if (remedy is not null)
            console.Write(new Text($"{remedy}\n", console.Styled(new Style(decoration: Decoration.Dim))));
    }

    /// <summary>Shows the cursor, which a progress display hides, if the process is about to end in the middle of one.</summary>
    public static void ShowCursor()
    {
        if (IsLive(Open()))
            Console.Error.WriteLine(ShowCursorSequence);
    }
}

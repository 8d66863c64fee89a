using Spectre.Console;

namespace Hypir.CommandLine;

/// <summary>The error stream, where both programs show progress and report errors.</summary>
public static class ErrorConsole
{
    private const string ShowCursorSequence = "\u001B[?25h";

    /// <summary>Opens the stream as a terminal, a log or a pipe needs it.</summary>
    public static IAnsiConsole Open()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // Lines of a log are not broken, and a path stays one that can be copied.
        if (!IsLive(console))
            console.Profile.Width = int.MaxValue;
        return console;
    }

    /// <summary>Whether somebody is watching, at a terminal that can rewrite a line.</summary>
    /// <param name="console">The stream as <see cref="Open"/> gave it.</param>
    public static bool IsLive(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        return !Console.IsErrorRedirected && console.Profile.Capabilities is { Ansi: true, Interactive: true };
    }

    /// <summary>A style, or none at all where colors are not wanted: <c>NO_COLOR</c> also means no dim text.</summary>
    /// <param name="console">Where it is used.</param>
    /// <param name="style">The style.</param>
    public static Style Styled(this IAnsiConsole console, Style style)
    {
        ArgumentNullException.ThrowIfNull(console);
        return console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors ? Style.Plain : style;
    }

    /// <summary>Reports an error: what is wrong, and what to do.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to do; null if there is nothing to say.</param>
    public static void Report(string message, string? remedy)
    {
        var console = Open();
        // Spectre.Console would break a path where the terminal ends, which could no longer be copied.
        console.Profile.Width = int.MaxValue;
        console.Report(message, remedy, "error:", Color.Red);
    }

    /// <summary>Reports something that went wrong: what, and what to do.</summary>
    /// <param name="console">The stream as <see cref="Open"/> gave it.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to do; null if there is nothing to say.</param>
    /// <param name="title">What it is.</param>
    /// <param name="color">The title's color.</param>
    public static void Report(this IAnsiConsole console, string message, string? remedy, string title, Color color)
    {
        var text = new Paragraph().Append(title, console.Styled(new Style(color))).Append($" {message}\n");
        if (remedy is not null)
            text.Append($"{new string(' ', title.Length)} {remedy}\n", console.Styled(new Style(decoration: Decoration.Dim)));
        console.Write(text);
    }

    /// <summary>Says that the user ended the program.</summary>
    /// <param name="message">What to say.</param>
    public static void Cancelled(string message = "Cancelled.")
    {
        var console = Open();
        console.Write(new Text($"{message}\n", console.Styled(new Style(Color.Yellow))));
    }

    /// <summary>Shows the cursor, which a progress display hides, if the process is about to end in the middle of one.</summary>
    public static void ShowCursor()
    {
        if (IsLive(Open()))
            Console.Error.WriteLine(ShowCursorSequence);
    }
}

namespace Hypir.CommandLine;

/// <summary>Text on the standard output as a terminal can show it: broken between words, without control characters.</summary>
public static class TerminalText
{
    /// <summary>Lines are no longer than this, as long lines are hard to read.</summary>
    public const int Widest = 110;

    private const int Least = 30;

    /// <summary>Columns for text; one less than a terminal has, since it may begin a new line by itself after its last one.</summary>
    public static int Width => Console.IsOutputRedirected ? Widest : Math.Clamp(Console.WindowWidth - 1, Least, Widest);

    /// <summary>A text, such as a file's name, without what would control the terminal; unchanged for a file or another program.</summary>
    /// <param name="text">The text, of one line.</param>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Console.IsOutputRedirected ? text : WithoutControls(text);
    }

    /// <summary>
    /// A text of one line with a question mark for each control character: names may contain line breaks and escape sequences, which would
    /// corrupt the terminal.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string WithoutControls(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>Writes a line, broken between words where it is too long.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="line">The line.</param>
    /// <param name="width">Columns to use.</param>
    /// <param name="indent">Spaces before what follows a break.</param>
    public static void WriteLine(TextWriter output, string line, int width, int indent)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(line);
        while (line.Length > width)
        {
            int cut = line.LastIndexOf(' ', width);
            // A word that is too long for a line stays whole.
            if (cut <= indent)
                cut = line.IndexOf(' ', Math.Min(width, line.Length - 1));
            if (cut < 0)
                break;
            output.WriteLine(line[..cut].TrimEnd());
            line = new string(' ', indent) + line[(cut + 1)..].TrimStart();
        }

        output.WriteLine(line.TrimEnd());
    }
}

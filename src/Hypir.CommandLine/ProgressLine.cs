using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hypir.CommandLine;

/// <summary>The parts of a line of progress, from left to right, that together fit into a terminal.</summary>
/// <param name="Label">The item at hand, followed by a space.</param>
/// <param name="Done">The bar's part that is done.</param>
/// <param name="Rest">The bar's other part.</param>
/// <param name="Activity">The percentage, and what is being done.</param>
internal sealed record ProgressLine(string Label, string Done, string Rest, string Activity)
{
    // The percentage and the bar are always shown; a terminal of fewer columns than these take is not served.
    private const int Percentage = 5, LeastBar = 8, MostBar = 30;

    // A shorter label or activity says nothing.
    private const int LeastActivity = 6;

    private const string Ellipsis = "…";

    /// <summary>Lays a line out.</summary>
    /// <param name="state">What it says.</param>
    /// <param name="columns">Columns of the terminal; the last two stay free, so that no terminal breaks the line.</param>
    /// <param name="unicode">Whether it can show more than ASCII.</param>
    public static ProgressLine Of(ProgressState state, int columns, bool unicode)
    {
        int width = Math.Max(columns - 2, LeastBar + Percentage);
        int bar = Math.Clamp(width / 4, LeastBar, MostBar);
        double fraction = double.IsFinite(state.Fraction) ? Math.Clamp(state.Fraction, 0, 1) : 0;
        int done = (int)(bar * fraction);
        // Rounded down: 100 % is the end.
        string percent = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(100 * fraction),3:0}%");
        int room = width - bar - Percentage;
        // Each of the two texts may have half of the room, and what the other leaves.
        int labelRoom = Math.Max(0, Math.Max(room / 2, room - state.Activity.GetCellWidth() - 2) - 1);
        string label = Shorten(state.Label, labelRoom);
        int left = room - (label.Length > 0 ? label.GetCellWidth() + 1 : 0) - 2;
        string activity = left < Math.Min(LeastActivity, state.Activity.GetCellWidth()) ? "" : Cut(state.Activity, left);
        return new(label.Length > 0 ? label + " " : "", new string(unicode ? '█' : '#', done), new string(unicode ? '░' : '-', bar - done),
            percent + (activity.Length > 0 ? "  " + activity : ""));
    }

    /// <summary>Shortens a text in its middle: beginnings of names are often equal, and their ends say the kind.</summary>
    public static string Shorten(string text, int columns)
    {
        text = Printable(text);
        if (text.GetCellWidth() <= columns)
            return text;
        if (columns < 1)
            return "";
        string tail = "";
        for (int i = Elements(text).Count - 1; i >= 0 && (Elements(text)[i] + tail).GetCellWidth() <= (columns - 1) / 2; i--)
            tail = Elements(text)[i] + tail;
        return Head(text, columns - 1 - tail.GetCellWidth()) + Ellipsis + tail;
    }

    private static string Cut(string text, int columns)
    {
        text = Printable(text);
        return text.GetCellWidth() <= columns ? text : Head(text, columns - 1).TrimEnd(' ', ',') + Ellipsis;
    }

    private static string Head(string text, int columns)
    {
        string head = "";
        foreach (string element in Elements(text))
        {
            if ((head + element).GetCellWidth() > columns)
                break;
            head += element;
        }
        return head;
    }

    /// <summary>What a terminal shows in one place: letters with their accents, whole surrogate pairs.</summary>
    private static List<string> Elements(string text)
    {
        List<string> elements = [];
        var each = StringInfo.GetTextElementEnumerator(text);
        while (each.MoveNext())
            elements.Add(each.GetTextElement());
        return elements;
    }

    /// <summary>A name may hold line breaks and escape sequences, which would take the terminal over.</summary>
    private static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
}

/// <summary>Draws a <see cref="ProgressLine"/> as wide as the terminal is at that moment.</summary>
/// <param name="state">Says how far the work is.</param>
internal sealed class ProgressLineColumn(Func<ProgressState> state) : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var line = ProgressLine.Of(state(), options.ConsoleSize.Width, options.Unicode);
        bool colors = options.ColorSystem != ColorSystem.NoColors;
        return new Paragraph { Overflow = Overflow.Crop }
            .Append(line.Label)
            .Append(line.Done, colors ? new Style(Color.Green) : Style.Plain)
            .Append(line.Rest, colors ? new Style(decoration: Decoration.Dim) : Style.Plain)
            .Append(line.Activity);
    }
}

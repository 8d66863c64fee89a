using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hypir.CommandLine;

/// <summary>The parts of a progress line, from left to right, sized to fit the terminal.</summary>
/// <param name="Label">The current item, followed by a space.</param>
/// <param name="Done">The completed part of the bar.</param>
/// <param name="Rest">The remaining part of the bar.</param>
/// <param name="Activity">The percentage and the current step.</param>
internal sealed record ProgressLine(string Label, string Done, string Rest, string Activity)
{
    // The percentage and the bar are always shown; narrower terminals are not supported.
    private const int Percentage = 5, LeastBar = 8, MostBar = 30;

    // A shorter label or activity would be meaningless.
    private const int LeastActivity = 6;

    private const string Ellipsis = "…";

    /// <summary>Lays a line out.</summary>
    /// <param name="state">The state to show.</param>
    /// <param name="columns">The terminal's width in columns; the last two stay free so that no terminal wraps the line.</param>
    /// <param name="unicode">Whether the terminal supports Unicode.</param>
    public static ProgressLine Of(ProgressState state, int columns, bool unicode)
    {
        int width = Math.Max(columns - 2, LeastBar + Percentage);
        int bar = Math.Clamp(width / 4, LeastBar, MostBar);
        double fraction = double.IsFinite(state.Fraction) ? Math.Clamp(state.Fraction, 0, 1) : 0;
        int done = (int)(bar * fraction);
        // Rounded down: 100 % means finished.
        string percent = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(100 * fraction),3:0}%");
        int room = width - bar - Percentage;
        // Each of the two texts gets half of the room, plus what the other one leaves.
        int labelRoom = Math.Max(0, Math.Max(room / 2, room - state.Activity.GetCellWidth() - 2) - 1);
        string label = Shorten(state.Label, labelRoom);
        int left = room - (label.Length > 0 ? label.GetCellWidth() + 1 : 0) - 2;
        string activity = left < Math.Min(LeastActivity, state.Activity.GetCellWidth()) ? "" : Cut(state.Activity, left);
        return new(label.Length > 0 ? label + " " : "", new string(unicode ? '█' : '#', done), new string(unicode ? '░' : '-', bar - done),
            percent + (activity.Length > 0 ? "  " + activity : ""));
    }

    /// <summary>Shortens a text in the middle: names often share their beginnings, and the ends show the file type.</summary>
    public static string Shorten(string text, int columns)
    {
        text = TerminalText.WithoutControls(text);
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
        text = TerminalText.WithoutControls(text);
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

    /// <summary>Text elements that a terminal shows as one cell: letters with their accents, whole surrogate pairs.</summary>
    private static List<string> Elements(string text)
    {
        List<string> elements = [];
        var each = StringInfo.GetTextElementEnumerator(text);
        while (each.MoveNext())
            elements.Add(each.GetTextElement());
        return elements;
    }
}

/// <summary>Draws a <see cref="ProgressLine"/> at the terminal's current width.</summary>
/// <param name="state">Supplies the current state.</param>
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

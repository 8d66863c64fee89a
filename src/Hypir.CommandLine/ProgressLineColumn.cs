using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hypir.CommandLine;

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

using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;
using Spectre.Console;

namespace Hypir.Engine.Reporting;

/// <summary>A progress bar for each image at a terminal; it makes room for the lines that stay.</summary>
/// <param name="verbose">Whether plans and stack traces are told.</param>
internal sealed class LiveReporter(bool verbose) : TextReporter(verbose)
{
    private const string ShowCursor = "\u001B[?25h";

    /// <inheritdoc/>
    public override Outcome Watch(PictureJob picture, int index, int count, Func<IProgress<RestoreProgress>, Outcome> work)
    {
        string place = count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{index}/{count} ") : "";
        string name = Markup.Escape(place + Path.GetFileName(picture.Input));
        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .Start(display =>
            {
                var bar = display.AddTask(name, maxValue: 1);
                return work(new Observer(progress =>
                {
                    string left = progress.Remaining is { } remaining ? $"  [dim]{Words.Of(remaining)} left[/]" : "";
                    bar.Description = $"{name}  {Words.Of(progress)}{left}";
                    bar.Value = progress.Fraction;
                }));
            });
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        Console.Out.WriteLine(ShowCursor);
        base.Abandon();
    }
}

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

    private readonly Queue<Action> _lines = [];
    private bool _watching;

    /// <inheritdoc/>
    public override T Watch<T>(PictureJob picture, int index, int count, Func<IProgress<RestoreProgress>, T> work)
    {
        string place = count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{index}/{count} ") : "";
        string name = Markup.Escape(place + Path.GetFileName(picture.Input));
        _watching = true;
        try
        {
            return Show(name, work);
        }
        finally
        {
            _watching = false;
            while (_lines.TryDequeue(out var tell))
                tell();
        }
    }

    /// <inheritdoc/>
    public override void Done(PictureJob picture, Outcome outcome) => Tell(() => base.Done(picture, outcome));

    /// <inheritdoc/>
    public override void Failed(PictureJob? picture, Exception failure) => Tell(() => base.Failed(picture, failure));

    /// <inheritdoc/>
    public override void Abandon()
    {
        Console.Out.WriteLine(ShowCursor);
        base.Abandon();
    }

    /// <summary>The last image may be done while the bar of the next is shown: its lines wait until the bar is gone.</summary>
    private void Tell(Action tell)
    {
        if (_watching)
            _lines.Enqueue(tell);
        else
            tell();
    }

    private static T Show<T>(string name, Func<IProgress<RestoreProgress>, T> work) =>
        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .Start(display =>
            {
                var bar = display.AddTask(name, maxValue: 1);
                return work(new Observer(progress =>
                {
                    bar.Description = $"{name}  {Words.Of(progress)}{Words.Left(progress, "  [dim]", "[/]")}";
                    bar.Value = progress.Fraction;
                }));
            });
}

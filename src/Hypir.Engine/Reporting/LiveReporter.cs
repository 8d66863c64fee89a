using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>A progress bar for each image at a terminal; it makes room for the lines that stay.</summary>
/// <param name="verbose">Whether plans and stack traces are told.</param>
internal sealed class LiveReporter(bool verbose) : TextReporter(verbose)
{
    private readonly Queue<Action> _lines = [];

    // Takes the bar away that is shown; null without one.
    private volatile Action? _hide;

    /// <inheritdoc/>
    public override T RunWithProgress<T>(ImageJob picture, int index, int count, Func<IProgress<RestoreProgress>, T> work)
    {
        string place = count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{index}/{count} ") : "";
        try
        {
            return Show(place + Path.GetFileName(picture.Input), work);
        }
        finally
        {
            _hide = null;
            while (_lines.TryDequeue(out var tell))
                tell();
        }
    }

    /// <inheritdoc/>
    public override void Done(ImageJob picture, Outcome outcome) => Tell(() => base.Done(picture, outcome));

    /// <inheritdoc/>
    public override void Failed(ImageJob? picture, Exception failure) => Tell(() => base.Failed(picture, failure));

    /// <inheritdoc/>
    public override void ReportForcedExit()
    {
        _hide?.Invoke();
        ErrorConsole.ShowCursor();
        base.ReportForcedExit();
    }

    /// <summary>The last image may be done while the bar of the next is shown: its lines wait until the bar is gone.</summary>
    private void Tell(Action tell)
    {
        if (_hide is not null)
            _lines.Enqueue(tell);
        else
            tell();
    }

    private T Show<T>(string name, Func<IProgress<RestoreProgress>, T> work)
    {
        using var display = new ProgressDisplay(ErrorConsole.Open(), name);
        _hide = display.Dispose;
        return work(new Observer(progress => display.Set(progress.Fraction, name, $"{Words.Of(progress)}{Words.Left(progress, ", ", "")}")));
    }
}

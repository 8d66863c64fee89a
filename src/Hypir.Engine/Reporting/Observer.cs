using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Progress that is told at once, on the thread that computes; the runtime's own class would pass it to another.</summary>
/// <param name="tell">What to do with it.</param>
internal sealed class Observer(Action<RestoreProgress> tell) : IProgress<RestoreProgress>
{
    /// <inheritdoc/>
    public void Report(RestoreProgress value) => tell(value);
}

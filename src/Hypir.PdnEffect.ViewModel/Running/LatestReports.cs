namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>Brings reports to the dialog's thread, the latest one only: a dialog that is busy is not buried under reports.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="post">Has an action run on the dialog's thread.</param>
/// <param name="take">Takes a report there.</param>
internal sealed class LatestReports<T>(Action<Action> post, Action<T> take) : IProgress<T>
{
    private readonly Lock _gate = new();
    private T? _latest;
    private bool _waiting;

    public void Report(T value)
    {
        lock (_gate)
        {
            _latest = value;
            if (_waiting)
                return;
            _waiting = true;
        }
        post(Deliver);
    }

    private void Deliver()
    {
        T value;
        lock (_gate)
        {
            value = _latest!;
            _waiting = false;
        }
        take(value);
    }
}

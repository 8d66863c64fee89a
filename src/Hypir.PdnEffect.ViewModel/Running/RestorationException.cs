namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>A restoration failed; the message says what is wrong and what to do.</summary>
/// <param name="failure">What is wrong.</param>
/// <param name="inner">The cause.</param>
public sealed class RestorationException(Failure failure, Exception inner) : Exception($"{failure.Message}\n\n{failure.Action}", inner)
{
    /// <summary>What is wrong.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>The message and the diagnostics: hosts show it as the details.</summary>
    public override string ToString() => Failure.Diagnostics;
}

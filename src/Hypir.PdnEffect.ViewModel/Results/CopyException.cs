namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>A copy of the result could not be written where the person wanted it.</summary>
/// <param name="inner">The cause.</param>
public sealed class CopyException(Exception inner) : Exception(inner.Message, inner);

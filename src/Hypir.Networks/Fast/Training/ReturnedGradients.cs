using static TorchSharp.torch;

namespace Hypir.Networks.Fast.Training;

/// <summary>
/// Gradients that a function returned to autograd. TorchSharp copies their handles after the function has returned and disposes neither
/// them nor the handle of the gradient that it passed in, so all of a network's maps would live until the step's scope ends.
/// </summary>
internal static class ReturnedGradients
{
    [ThreadStatic]
    private static List<Tensor>? _last;

    /// <summary>
    /// Moves gradients out of the current scope, frees the incoming one, and frees those of this thread's previous call, which autograd
    /// has taken over by now. The last call's are freed by the scope of the backward pass.
    /// </summary>
    /// <param name="gradients">The gradients; null for arguments that have none.</param>
    /// <param name="incoming">The gradient of the function's result.</param>
    public static List<Tensor> Of(Tensor?[] gradients, Tensor incoming)
    {
        foreach (Tensor tensor in _last ?? [])
            tensor.Dispose();
        _last = [];
        foreach (Tensor gradient in gradients.OfType<Tensor>())
        {
            gradient.MoveToOuterDisposeScope();
            _last.Add(gradient);
        }

        incoming.Dispose();
        return [.. gradients.Select(gradient => gradient!)];
    }
}

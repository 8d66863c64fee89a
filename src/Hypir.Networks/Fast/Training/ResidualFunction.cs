using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Hypir.Networks.Fast.Training;

/// <summary>
/// A differentiable residual block: x + conv(relu(conv(x))), both convolutions 3x3. Rectifier and sums are part of the convolutions,
/// forward and backward, and the result is channels last.
/// </summary>
internal sealed class ResidualFunction : SingleTensorFunction<ResidualFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(ResidualFunction);

    /// <summary>Computes it.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="first">The first convolution's kernels, (C, C, 3, 3), and its bias, (C), or null.</param>
    /// <param name="second">The second convolution's.</param>
    /// <returns>(B, C, H, W), in the current scope.</returns>
    public static Tensor Of(Tensor x, (Tensor Weight, Tensor? Bias) first, (Tensor Weight, Tensor? Bias) second)
    {
        using var scope = NewDisposeScope();
        return apply(x, first.Weight, first.Bias!, second.Weight, second.Bias!).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        (Tensor x, Tensor first, Tensor second) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[3]);
        (Tensor? firstBias, Tensor? secondBias) = (vars[2] as Tensor, vars[4] as Tensor);
        Tensor map = BatchLayer.ChannelsLast(x), between = BatchLayer.Forward(map, first, firstBias, rectifies: true);
        ctx.save_for_backward([map, between, first, second]);
        (bool First, bool Second) biased = (firstBias is not null, secondBias is not null);
        ctx.save_data(nameof(biased), biased);
        return BatchLayer.ChannelsFirst(BatchLayer.Forward(between, second, secondBias, residual: map), x.shape[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        var biased = ((bool First, bool Second))ctx.get_data("biased");
        (Tensor map, Tensor between, Tensor first, Tensor second) = (saved[0], saved[1], saved[2], saved[3]);
        Tensor slope = BatchLayer.ChannelsLast(grad_output), inner = BatchLayer.InputGradient(slope, second, gate: between);
        Tensor?[] gradients =
        [
            BatchLayer.ChannelsFirst(BatchLayer.InputGradient(inner, first, residual: slope), first.shape[1]),
            BatchLayer.KernelGradient(map, inner, first.shape),
            biased.First ? BatchLayer.BiasGradient(inner, first.shape[0]) : null,
            BatchLayer.KernelGradient(between, slope, second.shape),
            biased.Second ? BatchLayer.BiasGradient(slope, second.shape[0]) : null,
        ];
        return ReturnedGradients.Of(gradients, grad_output);
    }
}

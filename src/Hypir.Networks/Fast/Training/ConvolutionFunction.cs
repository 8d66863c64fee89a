using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Hypir.Networks.Fast.Training;

/// <summary>A differentiable 3x3 convolution with padding 1. Its result is channels last.</summary>
internal sealed class ConvolutionFunction : SingleTensorFunction<ConvolutionFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(ConvolutionFunction);

    /// <summary>Computes it.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="weight">(K, C, 3, 3).</param>
    /// <param name="bias">(K), or null.</param>
    /// <returns>(B, K, H, W), in the current scope.</returns>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        return apply(x, weight, bias!, x.requires_grad).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        (Tensor x, Tensor weight, var bias) = ((Tensor)vars[0], (Tensor)vars[1], vars[2] as Tensor);
        Tensor map = BatchLayer.ChannelsLast(x);
        ctx.save_for_backward([map, weight]);
        (bool Input, bool Bias) wanted = ((bool)vars[3], bias is not null);
        ctx.save_data(nameof(wanted), wanted);
        return BatchLayer.ChannelsFirst(BatchLayer.Forward(map, weight, bias), weight.shape[0]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        var wanted = ((bool Input, bool Bias))ctx.get_data("wanted");
        (Tensor map, Tensor weight, Tensor slope) = (saved[0], saved[1], BatchLayer.ChannelsLast(grad_output));
        Tensor?[] gradients =
        [
            wanted.Input ? BatchLayer.ChannelsFirst(BatchLayer.InputGradient(slope, weight), weight.shape[1]) : null,
            BatchLayer.KernelGradient(map, slope, weight.shape),
            wanted.Bias ? BatchLayer.BiasGradient(slope, weight.shape[0]) : null,
            null,
        ];
        return ReturnedGradients.Of(gradients, grad_output);
    }
}

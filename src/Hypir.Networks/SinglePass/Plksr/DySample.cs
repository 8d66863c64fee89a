using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Plksr;

/// <summary>
/// DySample (Liu et al., Learning to Upsample by Learning to Sample, 2023): for each pixel of the result, where it is sampled from is
/// computed from the map: a regular grid (<c>init_pos</c>) and learned offsets.
/// </summary>
internal sealed class DySample : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _offset;
    private readonly Conv2d _scope;
    private readonly Conv2d? _end;
    private readonly Tensor _positions;
    private readonly long _groups;
    private readonly int _scale;

    public DySample(WeightScope weights, long inChannels, long outChannels, int scale, long groups, bool convolution)
        : base(nameof(DySample))
    {
        (_groups, _scale) = (groups, scale);
        long offsets = 2 * groups * scale * scale;
        _offset = this.Child("offset", new Conv2d(weights["offset"], inChannels, offsets, 1));
        _scope = this.Child("scope", new Conv2d(weights["scope"], inChannels, offsets, 1, bias: false));
        _end = convolution ? this.Child("end_conv", new Conv2d(weights["end_conv"], inChannels, outChannels, 1)) : null;
        _positions = this.OwnBuffer("init_pos", weights.Buffer("init_pos", 1, offsets, 1, 1));
    }

    /// <summary>(B, C, H, W) → (B, out, scale H, scale W); out is C where no convolution follows.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        (long batch, long height, long width) = (x.shape[0], x.shape[2], x.shape[3]);
        Tensor weight = sigmoid(_scope.call(x));
        Tensor offset = (_offset.call(x) * weight).Times(0.5).Plus(_positions).reshape(batch, 2, -1, height, width);

        // Offsets are in pixels of the map, columns first; the grid is in [-1, 1].
        Tensor columns = Along(width, x).view(1, 1, width).expand(1, height, width);
        Tensor rows = Along(height, x).view(1, height, 1).expand(1, height, width);
        Tensor centers = stack([columns, rows]).unsqueeze(0);
        Tensor sizes = tensor(new[] { (double)width, height }, x.dtype, x.device).view(1, 2, 1, 1, 1);
        Tensor grid = (centers.Plus(offset).Times(2L) / sizes).Minus(1L);
        grid = nn.functional.pixel_shuffle(grid.reshape(batch, -1, height, width), _scale)
            .reshape(batch, 2, -1, _scale * height, _scale * width)
            .permute(0, 2, 3, 4, 1)
            .flatten(0, 1);
        Tensor groups = x.reshape(batch * _groups, -1, height, width);
        Tensor sampled = nn.functional
            .grid_sample(groups, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false)
            .reshape(batch, -1, _scale * height, _scale * width);
        return (_end?.call(sampled) ?? sampled).MoveToOuterDisposeScope();
    }

    private static Tensor Along(long size, Tensor like) => TensorMath.Range(size, like.dtype, like.device).Plus(0.5);
}

using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>
/// The way down of a U-Net: at each level residual blocks, then a 2x2 convolution of stride 2. <c>m_down1</c> … <c>m_down3</c>.
/// </summary>
internal sealed class DownLevel : NetworkModule
{
    private readonly string _name;
    private readonly ResidualBlock[] _blocks;
    private readonly Conv2d _down;

    public DownLevel(WeightScope weights, long channels, long below, int blocks, bool bias)
        : base(nameof(DownLevel))
    {
        _name = weights.Prefix;
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => this.Child($"{i}", new ResidualBlock(weights[$"{i}"], channels, bias)))];
        _down = this.Child($"{blocks}", new Conv2d(weights[$"{blocks}"], channels, below, 2, stride: 2, bias: bias));
    }

    /// <summary>(B, C, H, W) → (B, below, H / 2, W / 2), owned by the caller, as the input is.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h = x.alias();
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"{_name}.{i}");
            h = h.Then(_blocks[i].call);
        }

        run.EnterBlock($"{_name}.{_blocks.Length}");
        return h.Then(_down.call);
    }
}

/// <summary>The way up of a U-Net: a transposed convolution, which doubles, then residual blocks. <c>m_up3</c> … <c>m_up1</c>.</summary>
internal sealed class UpLevel : NetworkModule
{
    private readonly string _name;
    private readonly TransposedConv2d _up;
    private readonly ResidualBlock[] _blocks;

    public UpLevel(WeightScope weights, long channels, long above, int blocks, bool bias)
        : base(nameof(UpLevel))
    {
        _name = weights.Prefix;
        _up = this.Child("0", new TransposedConv2d(weights["0"], channels, above, 2, bias));
        _blocks =
        [
            .. Enumerable.Range(1, blocks).Select(i => this.Child($"{i}", new ResidualBlock(weights[$"{i}"], above, bias))),
        ];
    }

    /// <summary>(B, C, H, W) and the map of the way down at this level, added first → (B, above, 2 H, 2 W).</summary>
    /// <param name="x">Disposed.</param>
    /// <param name="skip">Disposed.</param>
    /// <param name="run">Watches and cancels.</param>
    /// <param name="modulation">Scale and shift of each block's branch, (B, above, 1, 1); null for none.</param>
    public Tensor Forward(Tensor x, Tensor skip, NetworkRun run, (Tensor Scale, Tensor Shift)? modulation = null)
    {
        run.EnterBlock($"{_name}.0");
        Tensor h = x.PlusOwned(skip).Then(_up.call);
        for (int i = 0; i < _blocks.Length; i++)
        {
            ResidualBlock block = _blocks[i];
            run.EnterBlock($"{_name}.{i + 1}");
            h = modulation is var (scale, shift) ? h.Then(t => block.Modulated(t, scale, shift)) : h.Then(block.call);
        }

        return h;
    }
}

/// <summary>Residual blocks in a row. <c>m_body</c>.</summary>
internal sealed class ResidualRow : NetworkModule
{
    private readonly string _name;
    private readonly ResidualBlock[] _blocks;

    public ResidualRow(WeightScope weights, long channels, int blocks, bool bias)
        : base(nameof(ResidualRow))
    {
        _name = weights.Prefix;
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => this.Child($"{i}", new ResidualBlock(weights[$"{i}"], channels, bias)))];
    }

    /// <summary>(B, C, H, W) → the same shape, owned by the caller, as the input is.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h = x.alias();
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"{_name}.{i}");
            h = h.Then(_blocks[i].call);
        }

        return h;
    }
}

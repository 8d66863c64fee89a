using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Fbcnn;

/// <summary>FBCNN, as <see cref="FbcnnFamily"/> describes it.</summary>
public sealed class FbcnnNetwork : SinglePassNetwork
{
    private const long Multiple = 8;
    private readonly Conv2d _head;
    private readonly DownLevel[] _down;
    private readonly ResidualRow _encoder;
    private readonly ResidualRow _decoder;
    private readonly ResidualRow _estimate;
    private readonly Linear[] _estimateMaps;
    private readonly Linear[] _embed;
    private readonly (Linear Gamma, Linear Beta)[] _modulations;
    private readonly UpLevel[] _up;
    private readonly Conv2d _tail;

    /// <summary>Takes its weights from the scope.</summary>
    public FbcnnNetwork(FbcnnOutline outline, WeightScope weights)
        : base(nameof(FbcnnNetwork))
    {
        (IReadOnlyList<long> w, int blocks, long embedding) = (outline.Widths, outline.ResidualBlocks, outline.Embedding);
        int[] levels = [.. Enumerable.Range(1, w.Count - 1)];
        _head = this.Child("m_head", new Conv2d(weights["m_head"], outline.InChannels, w[0], 3, padding: 1));
        _down = [.. levels.Select(i => this.Child($"m_down{i}", Down(i)))];
        _encoder = this.Child("m_body_encoder", new ResidualRow(weights["m_body_encoder"], w[^1], blocks, bias: true));
        _decoder = this.Child("m_body_decoder", new ResidualRow(weights["m_body_decoder"], w[^1], blocks, bias: true));
        _estimate = this.Child("qf_pred", new ResidualRow(weights["qf_pred"], w[^1], blocks, bias: true));
        int[] maps = outline.EstimateMaps;
        _estimateMaps = [Map(_estimate, "qf_pred", maps[0], w[^1], embedding), Map(_estimate, "qf_pred", maps[1], embedding, embedding),
            Map(_estimate, "qf_pred", maps[2], embedding, 1)];
        ModuleGroup embed = this.Child("qf_embed", new ModuleGroup("qf_embed"));
        _embed = [.. FbcnnOutline.EmbeddingMaps.Select(i => Map(embed, "qf_embed", i, i == 0 ? 1 : embedding, embedding))];
        _modulations = [.. levels.Reverse().Select(i => (Modulation("gamma", i), Modulation("beta", i)))];
        _up = [.. levels.Reverse().Select(i => this.Child($"m_up{i}", Up(i)))];
        _tail = this.Child("m_tail", new Conv2d(weights["m_tail"], w[0], outline.OutChannels, 3, padding: 1));

        DownLevel Down(int i) => new(weights[$"m_down{i}"], w[i - 1], w[i], blocks, bias: true);
        UpLevel Up(int i) => new(weights[$"m_up{i}"], w[i], w[i - 1], blocks, bias: true);
        Linear Map(nn.Module parent, string name, int index, long from, long to) =>
            parent.Child($"{index}", new Linear(weights[$"{name}.{index}"], from, to));
        Linear Modulation(string kind, int i) =>
            this.Children($"to_{kind}_{i}", [new Linear(weights[$"to_{kind}_{i}.0"], embedding, w[i - 1])])[0];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        var skips = new Stack<Tensor>();
        run.EnterBlock("m_head");
        skips.Push(Margins.Add(x, Multiple, PaddingModes.Replicate).Then(_head.call));
        foreach (DownLevel level in _down)
            skips.Push(level.Forward(skips.Peek(), run));
        Tensor encoded = _encoder.Forward(skips.Peek(), run);
        Tensor estimate = _estimate.Forward(encoded, run);
        run.EnterBlock("qf_embed");
        // The network works with the opposite of a quality: 0 is 100, 1 is 0.
        Tensor embedding = dial is double quality
            ? tensor(1 - quality / 100, x.dtype, x.device).expand(x.shape[0], 1)
            : Estimate(estimate);
        foreach (Linear layer in _embed)
            embedding = embedding.Then(layer.call).Then(t => nn.functional.relu(t));
        Tensor h = encoded.Then(t => _decoder.Forward(t, run));
        for (int i = 0; i < _up.Length; i++)
        {
            (Linear gamma, Linear beta) = _modulations[i];
            Tensor scale = OfChannels(gamma.call(embedding).Then(t => sigmoid(t)));
            Tensor shift = OfChannels(beta.call(embedding).Then(t => tanh(t)));
            h = _up[i].Forward(h, skips.Pop(), run, (scale, shift));
        }

        run.EnterBlock("m_tail");
        return Margins.Remove(h.PlusOwned(skips.Pop()).Then(_tail.call), x.shape[2], x.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>(B, C) → (B, C, 1, 1); the argument is disposed.</summary>
    private static Tensor OfChannels(Tensor x) => x.Then(t => t.unsqueeze(2)).Then(t => t.unsqueeze(3));

    /// <summary>(B, C, H, W) → (B, 1); the argument is disposed.</summary>
    private Tensor Estimate(Tensor features) => features
        .Then(t => t.mean([2, 3]))
        .Then(_estimateMaps[0].call)
        .Then(t => nn.functional.relu(t))
        .Then(_estimateMaps[1].call)
        .Then(t => nn.functional.relu(t))
        .Then(_estimateMaps[2].call)
        .Then(t => sigmoid(t));
}

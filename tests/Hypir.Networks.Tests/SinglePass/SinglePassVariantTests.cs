using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Variants that a family does not compute are refused with the reason, before anything is built.</summary>
[TestClass]
public sealed class SinglePassVariantTests
{
    // Keys with shapes, as in a file: "key out,in,height,width".
    private const string DnCnn = "model.0.weight 8,3,3,3; model.0.bias 8; model.2.weight 8,8,3,3; model.2.bias 8; ";
    private const string Tail = "model.4.weight 3,8,3,3; model.4.bias 3";
    private const string DruNet =
        "m_head.weight 8,4,3,3; m_down1.0.res.0.weight 8,8,3,3; m_body.0.res.0.weight 8,8,3,3; m_up1.0.weight 8,8,2,2; "
        + "m_tail.weight 3,8,3,3; ";
    private const string Fbcnn =
        "m_head.weight 8,3,3,3; m_down1.0.res.0.weight 8,8,3,3; m_body_encoder.0.res.0.weight 8,8,3,3; "
        + "qf_pred.0.res.0.weight 8,8,3,3; m_tail.weight 3,8,3,3; ";
    private const string Span = "block_1.c1_r.sk.weight 8,8,1,1; conv_cat.weight 8,32,1,1; conv_2.sk.weight 8,8,1,1; ";
    private const string SwinIr = "layers.0.residual_group.blocks.0.norm1.weight 8; layers.0.residual_group.blocks.0.mlp.fc1.bias 8; ";
    private const string Table = "layers.0.residual_group.blocks.0.attn.relative_position_bias_table ";

    [TestMethod]
    [DataRow("instance norms", DnCnn + "model.3.weight 8; model.3.bias 8; model.5.weight 8,8,3,3; " + Tail)]
    [DataRow("FFDNet", "model.0.weight 8,13,3,3; model.0.bias 8; model.2.weight 8,8,3,3; model.2.bias 8; model.4.weight 12,8,3,3; "
        + "model.4.bias 12")]
    [DataRow("IRCNN", DnCnn
        + "model.4.weight 8,8,3,3; model.4.bias 8; model.6.weight 8,8,3,3; model.8.weight 8,8,3,3; "
        + "model.10.weight 8,8,3,3; model.12.weight 3,8,3,3")]
    [DataRow("takes 6 channels, the last gives 3", "model.0.weight 8,6,3,3; model.0.bias 8; model.2.weight 8,8,3,3; model.2.bias 8; "
        + Tail)]
    [DataRow("pooling", DruNet)]
    [DataRow("pixel shuffles", DruNet + "m_down1.1.weight 8,8,2,2; m_up3.0.weight 8,8,3,3")]
    [DataRow("pooling", Fbcnn)]
    [DataRow("pixel shuffles", Fbcnn + "m_down1.1.weight 8,8,2,2; m_up3.0.0.weight 8,8,3,3")]
    [DataRow("sparse", "feats.0.weight 8,3,3,3; feats.1.refine.weight 8,8,1,1; feats.1.channe_mixer.0.weight 16,8,3,3; "
        + "feats.1.lk.convs.0.weight 2,2,5,5")]
    [DataRow("pixel unshuffle", SwinIr + "conv_first.1.weight 8,12,3,3; " + Table + "225,2")]
    [DataRow("absolute positions", SwinIr + "conv_first.weight 8,3,3,3; absolute_pos_embed 1,4096,8; " + Table + "225,2")]
    [DataRow("fits no window", SwinIr + "conv_first.weight 8,3,3,3; " + Table + "224,2")]
    [DataRow("cannot be divided into 3 heads", SwinIr + "conv_first.weight 8,3,3,3; " + Table + "225,3")]
    [DataRow("9 levels", "intro.weight 8,3,3,3; ending.weight 3,8,3,3; ups.0.0.weight 8,8,1,1; middle_blks.0.sca.1.weight 8,8,1,1; "
        + "downs.0.weight 1,1,1,1; downs.1.weight 1,1,1,1; downs.2.weight 1,1,1,1; downs.3.weight 1,1,1,1; downs.4.weight 1,1,1,1; "
        + "downs.5.weight 1,1,1,1; downs.6.weight 1,1,1,1; downs.7.weight 1,1,1,1; downs.8.weight 1,1,1,1")]
    [DataRow("no whole square times 3", "conv_1.sk.weight 8,3,1,1; " + Span + "upsampler.0.weight 13,8,3,3")]
    [DataRow("mean of three colors", "conv_1.sk.weight 8,1,1,1; " + Span + "upsampler.0.weight 4,8,3,3")]
    public void A_variant_without_support_is_refused_with_the_reason(string reason, string file)
    {
        ModelException refusal = Assert.ThrowsExactly<ModelException>(() => SinglePassFile.Of(new ShapesOnly(file)));
        Assert.Contains(reason, refusal.Message);
    }

    /// <summary>A file of which nothing is known but its keys and shapes.</summary>
    private sealed class ShapesOnly(string file) : ITensorSource
    {
        public string Path => "shapes";

        public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } = file
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(' '))
            .ToDictionary(
                parts => parts[0], parts => new TensorInfo(parts[0], ScalarType.Float32, [.. parts[1].Split(',').Select(long.Parse)]));

        public Tensor Read(string name) => throw new NotSupportedException("A file that is refused is not read.");

        public void Dispose()
        {
        }
    }
}

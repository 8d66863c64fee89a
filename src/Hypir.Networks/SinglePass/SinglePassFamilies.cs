using Hypir.Networks.SinglePass.Compact;
using Hypir.Networks.SinglePass.Dat;
using Hypir.Networks.SinglePass.DnCnn;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Networks.SinglePass.Esrgan;
using Hypir.Networks.SinglePass.Fbcnn;
using Hypir.Networks.SinglePass.GfpGan;
using Hypir.Networks.SinglePass.NafNet;
using Hypir.Networks.SinglePass.Plksr;
using Hypir.Networks.SinglePass.Safmn;
using Hypir.Networks.SinglePass.ScuNet;
using Hypir.Networks.SinglePass.Span;
using Hypir.Networks.SinglePass.SwinIr;

namespace Hypir.Networks.SinglePass;

/// <summary>The families that this version computes.</summary>
public static class SinglePassFamilies
{
    /// <summary>All of them, in alphabetical order.</summary>
    public static IReadOnlyList<SinglePassFamily> All { get; } =
    [
        new CompactFamily(),
        new DatFamily(),
        new DnCnnFamily(),
        new DruNetFamily(),
        new EsrganFamily(),
        new FbcnnFamily(),
        new GfpGanFamily(),
        new NafNetFamily(),
        new PlksrFamily(),
        new SafmnFamily(),
        new ScuNetFamily(),
        new SpanFamily(),
        new SwinIrFamily(),
    ];

    /// <summary>The family of a file's weights, or null where it is none of these.</summary>
    /// <param name="weights">The file's keys and shapes.</param>
    public static SinglePassFamily? Of(WeightShapes weights) => All.FirstOrDefault(family => family.Matches(weights));
}

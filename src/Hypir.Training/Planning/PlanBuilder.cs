using Hypir.Planning.Outlines;
using Hypir.Training.Loop;

namespace Hypir.Training.Planning;

/// <summary>Adds up a step's phases from the counted segments.</summary>
internal sealed class PlanBuilder
{
    /// <summary>The .NET runtime and libtorch, loaded and warm.</summary>
    private const long Program = 200L << 20;
    private readonly TrainingShape _shape;
    private readonly SegmentCounter _unet;
    private readonly SegmentCounter _encoder;
    private readonly SegmentCounter _decoder;
    private readonly SegmentCounter? _tower;
    private readonly SegmentCounter? _judge;
    private readonly SegmentCounter? _vgg;

    public PlanBuilder(TrainingShape shape)
    {
        _shape = shape;
        var image = new MapSize(shape.Height, shape.Width, shape.Batch);
        var latent = image with { Height = shape.Height / shape.Vae.Factor, Width = shape.Width / shape.Vae.Factor };
        _unet = OutlineTrainingCost.Of(UNetOutline.Of(shape.UNet), latent, shape.Tokens, shape.Rank);
        _encoder = OutlineTrainingCost.Of(VaeOutline.Encoder(shape.Vae), image, wayBack: false);
        _decoder = OutlineTrainingCost.Of(VaeOutline.Decoder(shape.Vae), latent);
        if (shape is { Tower: { } tower, Decoder: { } decoder })
            (_tower, _judge) = (DiscriminatorCost.Tower(tower, image), DiscriminatorCost.Decoder(tower, decoder, image));
        _vgg = shape.Settings.Losses.Lpips > 0 ? DiscriminatorCost.Vgg(image) : null;
        Image = 3 * image.Positions * shape.WideBytes;
    }

    /// <summary>Bytes of the trained parameters of the generator.</summary>
    private long Trained =>
        _shape.WideBytes * (_shape.Rank > 0 ? _unet.AdapterParameters : _unet.Parameters + _encoder.Parameters + _decoder.Parameters);

    /// <summary>Bytes of a batch of images in the type of the losses.</summary>
    private long Image { get; }

    private IReadOnlyList<SegmentCost> Generator => [.. _unet.Segments, .. _decoder.Segments];

    public TrainingPlan Build() => new(Resident(), Phases(), GeneratorOperations(), DiscriminatorOperations());

    private PlanPart[] Resident()
    {
        int frozen = _shape.FrozenBytes, wide = _shape.WideBytes;
        TrainingSettings settings = _shape.Settings;
        bool adapters = _shape.Rank > 0;
        long trained = Trained, judge = (_judge?.Parameters ?? 0) * wide;
        return
        [
            new("program and libtorch", Program),
            new("UNet weights", _unet.Parameters * frozen),
            new("VAE weights", (_encoder.Parameters + _decoder.Parameters) * frozen),
            new("LoRA parameters", adapters ? trained : 0),
            new(adapters ? "LoRA optimizer" : "optimizer", settings.GeneratorOptimizer.Moments * trained),
            new(adapters ? "LoRA moving average" : "moving average", settings.EmaDecay is null ? 0 : trained),
            new("discriminator tower", (_tower?.Parameters ?? 0) * frozen),
            new("discriminator decoder and its optimizer", (1 + settings.DiscriminatorOptimizer.Moments) * judge),
            new("LPIPS weights", (_vgg?.Parameters ?? 0) * wide),
            new("batch", 2 * Image),
        ];
    }

    private PlanPart[] Phases()
    {
        int frozen = _shape.FrozenBytes, wide = _shape.WideBytes;
        bool repeat = _shape.Settings.Checkpointing;
        long lora = Trained, kept = frozen * Generator.Sum(s => s.Result + (repeat ? 0 : s.Saved)) + (repeat ? 0 : Casts(Generator));
        // With accumulation, the gradients of earlier batches are alive while the next one runs.
        long waiting = _shape.Settings.Accumulation > 1 ? lora : 0;
        return
        [
            new("encoding", frozen * _encoder.Segments.Max(s => s.Forward) + waiting),
            new("generator forward", waiting + kept + frozen * Generator.Max(s => s.Forward) + Generator.Max(s => CastBytes(s))),
            new("LPIPS and back", _vgg is null ? 0 : waiting + kept + 3 * Image + wide * Lpips(_vgg) + Unfolded(wide, _vgg)),
            new(
                "discriminator and back",
                _tower is null
                    ? 0
                    : waiting + kept + 3 * Image + BackThroughJudge(_tower, _judge!, frozen, wide) + Unfolded(frozen, _tower)
            ),
            new("generator backward", 2 * Image + Walk(repeat, frozen, waiting, lora) + Unfolded(frozen, _unet, _decoder)),
            new(
                "discriminator step",
                _tower is null
                    ? 0
                    : 2 * Image + _judge!.Parameters * wide + DiscriminatorStep(_tower, _judge, frozen, wide) + Unfolded(wide, _judge)
            ),
        ];
    }

    private long Unfolded(int bytes, params SegmentCounter[] networks) =>
        (long)bytes * _shape.Unfolded * networks.Max(network => network.Columns);

    /// <summary>
    /// The peak of the generator's backward pass: saved tensors of earlier segments, the current segment's own, and gradients. The
    /// adapters' gradients are created when the UNet is reached, after the decoder's activations are freed.
    /// </summary>
    private long Walk(bool repeat, int frozen, long waiting, long lora)
    {
        long before = 0,
            largest = 0,
            skips = frozen * _unet.Segments.Where(s => s.Name.EndsWith("(skip)", StringComparison.Ordinal)).Sum(s => s.Result) / 2;
        int unet = _unet.Segments.Count;
        for (int i = 0; i < Generator.Count; i++)
        {
            SegmentCost s = Generator[i];
            long inside = frozen * (s.Saved + 2 * s.Result + s.Backward) + CastBytes(s) * 2 + (i < unet ? skips + lora : waiting);
            largest = Math.Max(largest, before + inside);
            before += frozen * (s.Result + (repeat ? 0 : s.Saved)) + (repeat ? 0 : CastBytes(s));
        }

        return largest;
    }

    /// <summary>
    /// VGG's activations of the generated images, the features of the clean ones, and, for each level, the differences of normalized
    /// features that the comparison keeps.
    /// </summary>
    private static long Lpips(SegmentCounter vgg)
    {
        long features = vgg.Segments.Sum(s => s.Result), saved = vgg.Segments.Sum(s => s.Saved);
        return saved + 4 * features + vgg.Segments.Max(s => s.Backward);
    }

    private static long BackThroughJudge(SegmentCounter tower, SegmentCounter judge, int frozen, int wide) =>
        frozen * tower.Segments.Sum(s => s.Saved + s.Result) + wide * judge.Segments.Sum(s => s.Saved)
        + Math.Max(frozen * tower.Segments.Max(s => s.Backward), wide * judge.Segments.Max(s => s.Backward));

    private long DiscriminatorStep(SegmentCounter tower, SegmentCounter judge, int frozen, int wide)
    {
        long features = tower.Segments.Max(s => s.Result) * 2;
        long generated = frozen * Generator.Max(s => s.Forward) + Generator.Max(CastBytes);
        long judged = Math.Max(frozen * (tower.Segments.Max(s => s.Forward) + features),
            frozen * features + wide * (judge.Segments.Sum(s => s.Saved) + judge.Segments.Max(s => s.Backward)));
        return Math.Max(generated, judged);
    }

    private long Casts(IEnumerable<SegmentCost> segments) => segments.Sum(CastBytes);

    /// <summary>Adapters are cast if the layers compute in another type.</summary>
    private long CastBytes(SegmentCost segment) => _shape.FrozenBytes == _shape.WideBytes ? 0 : segment.Cast * _shape.FrozenBytes;

    private PlanPart[] GeneratorOperations()
    {
        double again = _shape.Settings.Checkpointing ? 1 : 0,
            unet = Base(_unet),
            lora = _unet.Segments.Sum(s => s.AdapterOperations),
            decoder = Base(_decoder);
        return
        [
            new("VAE encoding", Base(_encoder)),
            new("UNet forward", unet),
            new("UNet backward, to its input", unet),
            new("UNet recomputed", again * unet),
            new("LoRA forward", lora),
            new("LoRA backward, to parameters and input", 2 * lora),
            new("LoRA recomputed", again * lora),
            new("VAE decoding forward", decoder),
            new("VAE decoding backward", decoder),
            new("VAE decoding recomputed", again * decoder),
            new("LPIPS, both images and back", 3 * Base(_vgg)),
            new("discriminator tower and back", 2 * Base(_tower)),
            new("discriminator decoder and back", 2 * Base(_judge)),
        ];
    }

    private PlanPart[] DiscriminatorOperations() => _tower is null ? [] :
    [
        new("VAE encoding", Base(_encoder)),
        new("UNet forward", Base(_unet)),
        new("LoRA forward", _unet.Segments.Sum(s => s.AdapterOperations)),
        new("VAE decoding", Base(_decoder)),
        new("discriminator tower, real and fake", 2 * Base(_tower)),
        new("discriminator decoder and back, real and fake", 2 * 3 * Base(_judge)),
    ];

    private static double Base(SegmentCounter? cost) => cost?.Segments.Sum(s => s.Operations) ?? 0;
}

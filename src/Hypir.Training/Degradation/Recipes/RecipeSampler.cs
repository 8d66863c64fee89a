



using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>Draws recipes without computing any tensors or images.</summary>
/// <param name="ranges">The ranges to draw from.</param>
public sealed class RecipeSampler(DegradationRanges ranges)
{
    private static readonly ResizeChoice[] Choices = [ResizeChoice.Up, ResizeChoice.Down, ResizeChoice.Keep];

    private enum ResizeChoice
    {
        Up,
        Down,
        Keep,
    }

    /// <summary>Draws the kernels of one image.</summary>
    /// <param name="random">The image's stream.</param>
    public KernelSet Kernels(SeededRandom random) => new()
    {
        Blur1 = Blur(random, ranges.Blur1),
        Blur2 = Blur(random, ranges.Blur2),
        Sinc = FinalSinc(random),
    };

    /// <summary>Draws a recipe for a single image.</summary>
    /// <param name="random">The image's stream.</param>
    public DegradationRecipe Recipe(SeededRandom random) => Recipe(random, [Kernels(random)]);

    /// <summary>Draws a recipe for a batch.</summary>
    /// <param name="random">The batch's stream.</param>
    /// <param name="kernels">The kernels of each image.</param>
    public DegradationRecipe Recipe(SeededRandom random, IReadOnlyList<KernelSet> kernels)
    {
        var stage1 = Stage(random, ranges.Stage1);
        var draws1 = Images(random, ranges.Stage1, stage1.Noise, kernels.Count);
        bool secondBlur = random.Chance(ranges.SecondBlurProbability);
        double stage2Scale = ranges.Stage2Scale.Sample(random);
        var stage2 = Stage(random, ranges.Stage2);
        var draws2 = Images(random, ranges.Stage2, stage2.Noise, kernels.Count);
        return new()
        {
            Sharpen = ranges.UseSharpener ? ranges.Sharpen : null,
            Stage1 = stage1,
            SecondBlur = secondBlur,
            Stage2Scale = stage2Scale,
            Stage2 = stage2,
            Final = new()
            {
                Order = random.Chance(ranges.SincFirstProbability) ? FinalOrder.SincThenJpeg : FinalOrder.JpegThenSinc,
                Mode = random.Pick(ranges.ResizeModes),
                ResizeBack = ranges.ResizeBack,
            },
            DifferentiableJpeg = ranges.DifferentiableJpeg,
            Images = [.. kernels.Select((set, i) => new ImageRecipe { Kernels = set, Stage1 = draws1[i], Stage2 = draws2[i] })],
        };
    }

    private StageRecipe Stage(SeededRandom random, StageRanges stage)
    {
        var choice = random.Pick(Choices, stage.ResizeProbabilities);
        return new()
        {
            Scale = choice switch
            {
                ResizeChoice.Up => random.Uniform(1, stage.Resize.High),
                ResizeChoice.Down => random.Uniform(stage.Resize.Low, 1),
                _ => 1,
            },
            Mode = random.Pick(ranges.ResizeModes),
            Noise = random.Chance(stage.GaussianProbability) ? NoiseKind.Gaussian : NoiseKind.Poisson,
            NoiseSeed = random.Seed(),
        };
    }

    private static ImageStage[] Images(SeededRandom random, StageRanges stage, NoiseKind noise, int count)
    {
        var amounts = noise == NoiseKind.Gaussian ? stage.Gaussian : stage.Poisson;
        return [.. Enumerable.Range(0, count).Select(_ => new ImageStage
        {
            NoiseAmount = Happens(random, stage.NoiseProbability) ? amounts.Sample(random) : 0,
            GreyNoise = random.Chance(stage.GreyProbability),
            Quality = Happens(random, stage.JpegProbability) ? stage.Quality.Sample(random) : null,
        })];
    }

    private static KernelSpec Blur(SeededRandom random, BlurRanges blur)
    {
        if (!Happens(random, blur.Probability))
            return KernelSpec.Pulse;
        int size = blur.Sizes.Sample(random);
        if (random.Chance(blur.SincProbability))
            return Sinc(size, (size < blur.SincLargeFrom ? blur.SincCutoffSmall : blur.SincCutoffLarge).Sample(random));
        var kind = random.Pick(blur.Kinds, blur.KindProbabilities);
        bool round = kind is KernelKind.Iso or KernelKind.GeneralizedIso or KernelKind.PlateauIso;
        double sigma = blur.Sigma.Sample(random);
        return new()
        {
            Kind = kind,
            Size = size,
            SigmaX = sigma,
            SigmaY = round ? null : blur.Sigma.Sample(random),
            Theta = round ? null : blur.Rotation.Sample(random),
            Beta = kind switch
            {
                KernelKind.GeneralizedIso or KernelKind.GeneralizedAniso => Beta(random, blur, blur.GeneralizedBeta),
                KernelKind.PlateauIso or KernelKind.PlateauAniso => Beta(random, blur, blur.PlateauBeta),
                _ => null,
            },
        };
    }

    /// <summary>Certain events draw no random number, so recipes of the reference's settings do not change.</summary>
    private static bool Happens(SeededRandom random, double probability) => probability >= 1 || random.Chance(probability);

    private static double Beta(SeededRandom random, BlurRanges blur, ValueRange range) =>
        random.Chance(blur.BetaBelowOneProbability) ? random.Uniform(range.Low, 1) : random.Uniform(1, range.High);

    private KernelSpec FinalSinc(SeededRandom random) => random.Chance(ranges.FinalSinc.Probability)
        ? Sinc(ranges.FinalSinc.Sizes.Sample(random), ranges.FinalSinc.Cutoff.Sample(random))
        : KernelSpec.Pulse;

    private static KernelSpec Sinc(int size, double cutoff) => new() { Kind = KernelKind.Sinc, Size = size, Cutoff = cutoff };
}

using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Networks.Perceptual;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Machine;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Evaluation;

/// <summary>
/// Restores damaged images with each candidate, as <c>hypir restore</c> would, and measures how near the true ones they come.
/// </summary>
/// <param name="plan">What to do.</param>
/// <param name="lpips">The perceptual distance; null where its weights are not at hand.</param>
/// <param name="machine">The machine before any model is loaded, whose memory later counts as taken.</param>
internal sealed class Evaluator(EvaluationPlan plan, Lpips? lpips, MachineFacts machine)
{
    private const int PreviewSide = 1024, LeastForLpips = 16;

    /// <summary>Runs; one model after the other is in memory.</summary>
    /// <param name="report">Told after each image: which candidate, and the pair's index.</param>
    /// <param name="cancellation">Checked between the blocks of the networks.</param>
    /// <exception cref="HypirException">An image or model is refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EvaluationResult Run(Action<Candidate, int> report, CancellationToken cancellation)
    {
        Candidate[] candidates = [Candidate.Input, .. plan.Candidates];
        return new(candidates, plan.Pairs, [.. candidates.Select(candidate => Run(candidate, report, cancellation))]);
    }

    private List<CandidateResult> Run(Candidate candidate, Action<Candidate, int> report, CancellationToken cancellation)
    {
        var results = new List<CandidateResult>();
        using var restorer = candidate.Model is { } model
            ? Restorer.Load(ModelFolder.Open(model), plan.Options, machine, candidate.Lora, cancellation)
            : null;
        for (int i = 0; i < plan.Pairs.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(Run(restorer, plan.Pairs[i], i < plan.Shown, cancellation));
            report(candidate, i);
        }
        return results;
    }

    private CandidateResult Run(Restorer? restorer, EvaluationPair pair, bool show, CancellationToken cancellation)
    {
        RasterImage damaged = ImageFile.Load(pair.Damaged, null, cancellation), clean = ImageFile.Load(pair.Clean, null, cancellation);
        int factor = clean.Width / damaged.Width;
        if (factor < 1 || (damaged.Width * factor, damaged.Height * factor) != (clean.Width, clean.Height))
            throw new EvaluationException(
                $"{pair.Damaged} has {damaged.Width}x{damaged.Height} pixels, and {pair.Clean} {clean.Width}x{clean.Height}.",
                "A true image is as large as the damaged one, or a whole number of times as large.");
        var watch = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        var result = restorer is null
            ? Enlarged(RgbImage.Of(damaged), factor)
            : RgbImage.Of(Restored(restorer, damaged, factor, cancellation));
        double seconds = restorer is null ? 0 : watch.Elapsed.TotalSeconds;
        Tensor image = Unit(result),
            truth = Unit(RgbImage.Of(clean));
        var quality = new Quality(
            Metrics.Psnr(image, truth), Metrics.Ssim(image, truth), Metrics.ColorShift(image, truth), Perceived(image, truth));
        return new(quality, seconds, show ? Preview.Of(result.ToImage(), PreviewSide) : null);
    }

    private double? Perceived(Tensor image, Tensor truth)
    {
        // Its network halves images four times.
        if (lpips is null || image.shape[1] < LeastForLpips || image.shape[2] < LeastForLpips)
            return null;
        using var noGradient = no_grad();
        return lpips.Forward(image.unsqueeze(0).Times(2).Minus(1), truth.unsqueeze(0).Times(2).Minus(1)).item<float>();
    }

    private RasterImage Restored(Restorer restorer, RasterImage damaged, int factor, CancellationToken cancellation)
    {
        var options = plan.Options with { Upscale = factor };
        var todo = RestorePlan.Create(
            damaged.Width, damaged.Height, damaged.Alpha is not null, options, restorer.Facts, machine, damaged.BitsPerSample);
        return restorer.Restore(damaged, todo, null, cancellation).Image;
    }

    /// <summary>What people would otherwise do with an image that is too small.</summary>
    private static RgbImage Enlarged(RgbImage image, int factor)
    {
        if (factor == 1)
            return image;
        using var scope = NewDisposeScope();
        return ImageTensor.ToImage(Resizing.ByFactor(Unit(image).unsqueeze(0), ResizeMode.Bicubic, factor)[0]);
    }

    private static Tensor Unit(RgbImage image) => ImageTensor.ToUnit(ImageTensor.Of(image));
}

using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Networks.Perceptual;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Evaluation;

/// <summary>
/// Restores degraded images with each candidate, as <c>hypir restore</c> would, and measures how close the results are to the true images.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="lpips">The perceptual distance; null if its weights are not installed.</param>
/// <param name="machine">The machine before any model is loaded.</param>
internal sealed class Evaluator(EvaluationPlan plan, Lpips? lpips, MachineFacts machine)
{
    private const int PreviewSide = 1024, LeastForLpips = 16;

    /// <summary>Runs the evaluation, with one model in memory at a time.</summary>
    /// <param name="report">Called after each image with the candidate and the pair's index.</param>
    /// <param name="cancellation">Checked between the blocks of the networks.</param>
    /// <exception cref="HypirException">An image or model is unusable.</exception>
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
                $"{pair.Damaged} has {damaged.Width}x{damaged.Height} pixels, but {pair.Clean} {clean.Width}x{clean.Height}.",
                "A true image must have the degraded one's size or a whole multiple of it.");
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

    /// <summary>The baseline for enlarging: what users would otherwise do with a small image.</summary>
    private static RgbImage Enlarged(RgbImage image, int factor)
    {
        if (factor == 1)
            return image;
        using var scope = NewDisposeScope();
        return ImageTensor.ToImage(Resizing.ByFactor(Unit(image).unsqueeze(0), ResizeMode.Bicubic, factor)[0]);
    }

    private static Tensor Unit(RgbImage image) => ImageTensor.ToUnit(ImageTensor.Of(image));
}

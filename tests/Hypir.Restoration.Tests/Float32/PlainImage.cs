using System.Text.Json;
using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>
/// A whole restoration with the library's own operations: plain networks, plain formulas, each tile where the plan has it.
/// </summary>
internal static class PlainImage
{
    /// <summary>Restores an image in the type that the model is loaded in.</summary>
    /// <param name="restorer">Has the networks.</param>
    /// <param name="folder">The model's folder, for its schedule.</param>
    /// <param name="plan">Has tiles, timesteps, seed and prompt.</param>
    /// <param name="image">(1, 3, H, W) in 0 … 1, of the result's size.</param>
    /// <param name="type">The model's type.</param>
    public static Tensor Restore(Restorer restorer, ModelFolder folder, RestorePlan plan, Tensor image, ScalarType type)
    {
        DiffusionModel model = restorer.Model;
        string config = Path.Combine(folder.Path, "scheduler", "scheduler_config.json");
        using JsonDocument scheduler = JsonDocument.Parse(File.ReadAllBytes(config));
        string kind = scheduler.RootElement.GetProperty("prediction_type").GetString()!;
        Assert.IsFalse(scheduler.RootElement.GetProperty("clip_sample").GetBoolean());
        double share = Plain.SignalShare(scheduler.RootElement, plan.CoeffT), scale = model.Vae.Config.ScalingFactor;
        int factor = model.Vae.Config.Factor;
        Tensor pixels = image.to(type), padded = Plain.Padded(pixels, plan.Sizes.Padded);

        Tensor encoded = Blend(plan.Encoding, type, window =>
        {
            TileWindow place = new(window.Top / factor, window.Bottom / factor, window.Left / factor, window.Right / factor);
            Tensor noise = PlainNoise.Draw(plan.Options.Seed, place, 1, (int)model.Vae.Config.LatentChannels).to(type);
            return Plain.Sample(model.Vae.EncodeMoments(TensorTiles.Cut(padded, window)), noise);
        });
        Tensor text = model.EncodePrompt(plan.Options.Prompt).to(type), time = tensor(new long[] { plan.ModelT });
        Tensor restored = Blend(plan.Restoring, type, window =>
        {
            Tensor sample = TensorTiles.Cut(encoded, window).Times(scale);
            return Plain.Original(kind, model.UNet.Forward(sample, time, text), sample, share).DividedBy(scale);
        });
        Tensor decoded = Blend(plan.Decoding, type, window => model.Vae.Decode(TensorTiles.Cut(restored, window)));
        Tensor result = decoded.narrow(2, 0, image.shape[2]).narrow(3, 0, image.shape[3]).Plus(1).DividedBy(2);
        return Plain.ColorFix(result, pixels);
    }

    private static Tensor Blend(StagePlan stage, ScalarType type, Func<TileWindow, Tensor> compute) =>
        Plain.Blend(stage.Scale.Of(stage.Tiles), type, (row, column) => compute(stage.Tiles.Window(row, column)));
}

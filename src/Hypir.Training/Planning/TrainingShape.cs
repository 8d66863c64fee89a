using Hypir.Networks.Discriminator;
using Hypir.Networks.Libraries;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Training.Loop;

namespace Hypir.Training.Planning;

/// <summary>All that a training step's cost depends on: sizes, types, and what is kept.</summary>
public sealed record TrainingShape
{
    /// <summary>The UNet.</summary>
    public required UNetConfig UNet { get; init; }

    /// <summary>The VAE.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The discriminator's tower; null where there is no discriminator.</summary>
    public ConvNextConfig? Tower { get; init; }

    /// <summary>The discriminator's decoder, where there is a tower.</summary>
    public DecoderConfig? Decoder { get; init; }

    /// <summary>Rank of the adapters; 0 where UNet and VAE train themselves.</summary>
    public required long Rank { get; init; }

    /// <summary>Pictures of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Pixels in each column of a picture.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels in each row of a picture.</summary>
    public required int Width { get; init; }

    /// <summary>Length of the text embedding.</summary>
    public int Tokens { get; init; } = 77;

    /// <summary>Bytes of a number in the frozen networks: 2 for bfloat16, 4 for float32.</summary>
    public int FrozenBytes { get; init; } = 4;

    /// <summary>Bytes of a number in trained parameters, optimizers, averages and losses.</summary>
    public int WideBytes { get; init; } = 4;

    /// <summary>
    /// Images that are unfolded into columns at once on the way back through a convolution (<see cref="NativeSettings.UnfoldsConvolutions"/>);
    /// 0 where none are.
    /// </summary>
    public int Unfolded { get; init; }

    /// <summary><see cref="Unfolded"/> on this machine's processor, which takes an image of a batch on each thread.</summary>
    /// <param name="batch">Images of a batch.</param>
    public static int UnfoldedHere(int batch) => NativeSettings.UnfoldsConvolutions ? Math.Min(batch, Environment.ProcessorCount) : 0;

    /// <summary>What a step does: checkpointing, averages, optimizers, losses, schedule.</summary>
    public required TrainingSettings Settings { get; init; }
}

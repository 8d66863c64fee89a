using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Sees what a restoration computes, at the places where it computes it; what it throws ends the restoration as any failure there does.</summary>
internal interface IRestoreObserver
{
    /// <summary>A block of a network, or a band of the finishing stage, is about to be computed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="name">The block's name in the checkpoint, or the first row of the band.</param>
    void Block(RestoreStage stage, string name);

    /// <summary>Rows of a stage's result are there.</summary>
    /// <param name="step">vae_encoding, generator_forward, vae_decoding, before_colour_fix or reference.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, C, n, W); disposed after the call.</param>
    void Rows(string step, int start, Tensor rows);
}

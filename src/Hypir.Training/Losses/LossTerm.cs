using static TorchSharp.torch;

namespace Hypir.Training.Losses;

/// <summary>One of the generator's losses.</summary>
/// <param name="Name">As in the reference's logs, without the "G_".</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Of">The loss of a picture, a scalar owned by the caller.</param>
internal sealed record LossTerm(string Name, double Weight, Func<Tensor, Tensor> Of);

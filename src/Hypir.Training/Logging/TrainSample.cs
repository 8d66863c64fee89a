

using Hypir.Imaging;

namespace Hypir.Training.Logging;

/// <summary>What the generator makes of one pair.</summary>
/// <param name="Name">The pair's name.</param>
/// <param name="Prompt">Its caption.</param>
/// <param name="Lq">The damaged picture.</param>
/// <param name="Gt">The picture to aim at.</param>
/// <param name="Generated">The generator's.</param>
/// <param name="Average">The generator's with averaged weights; null where no average is kept.</param>
internal sealed record TrainSample(string Name, string Prompt, RasterImage Lq, RasterImage Gt, RasterImage Generated, RasterImage? Average)
{
    /// <summary>What would be shipped.</summary>
    public RasterImage Best => Average ?? Generated;
}

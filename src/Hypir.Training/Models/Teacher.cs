using Hypir.Networks;
using Hypir.Networks.SinglePass;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Photos;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// A single-pass network whose results are the targets of another one's training. What it makes of a damaged image is sharp and a function
/// of that image; what it makes of the clean one has the detail that the damage took. A target is a mean of the two. Marks, which the
/// teacher may not know as damage, have only the latter.
/// </summary>
internal sealed class Teacher : IDisposable
{
    // Pixels around a mark that the teacher's result for the damaged image may have spread it to.
    private const int Spread = 4;

    private readonly SinglePassModel _model;
    private readonly double _share;
    private readonly Device _device;

    private Teacher(SinglePassModel model, double share, Device device) => (_model, _share, _device) = (model, share, device);

    /// <summary>Loads a teacher.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="share">Of a target, how much is the result for the damaged image, 0 to 1.</param>
    /// <param name="scale">The scale of the network that is trained.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="HypirException">A file is unusable, or the network enlarges by another factor.</exception>
    public static Teacher Load(TeacherFiles files, double share, int scale, Device device)
    {
        SinglePassFile file = SinglePassFile.Open(files.First);
        SinglePassMix? mix;
        try
        {
            if (file.Outline.Scale != scale || file.Outline.InChannels != 3 || file.Outline.OutChannels != 3)
            {
                throw new ModelException(
                    $"{files.First}: the teacher ({file.Outline.Title}) must enlarge {scale} times and read RGB, as what it teaches.",
                    "Choose another file for network.teacher.");
            }

            mix = files.Second is { } second ? new(SinglePassFile.Open(second), files.SecondShare) : null;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        SinglePassModel model = SinglePassModel.Load(file, ScalarType.Float32, device, mix);
        model.MakeFast();
        return new(model, share, device);
    }

    /// <summary>The targets of a batch.</summary>
    /// <param name="pairs">The batch.</param>
    /// <param name="clean">Its clean images, 0 to 1, (B, 3, H, W).</param>
    /// <param name="damaged">Its damaged images.</param>
    /// <returns>(B, 3, scale · H, scale · W), nominally 0 to 1, owned by the caller.</returns>
    public Tensor Targets(PairBatch pairs, Tensor clean, Tensor damaged)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Tensor ofClean = Evaluate(clean);
        if (_share == 0)
            return ofClean.MoveToOuterDisposeScope();
        Tensor weight = Unmarked(pairs).Times(_share), ofDamaged = Evaluate(damaged);
        return ofClean.Plus(ofDamaged.sub(ofClean).mul(weight)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private Tensor Evaluate(Tensor images) => _model.Evaluate(images, fast: true);

    /// <summary>1 where there are no marks, 0 on and near them; (B, 1, scale · H, scale · W).</summary>
    private Tensor Unmarked(PairBatch pairs)
    {
        using var scope = NewDisposeScope();
        var images = new List<Tensor>();
        foreach (TrainingPair pair in pairs.Pairs)
        {
            float[] marks = pair.Photo is { Marks.Count: > 0 } plan
                ? PhotoMarks.Coverage(plan)
                : new float[pair.Height * pair.Width];
            images.Add(tensor(marks, [1, 1, pair.Height, pair.Width]));
        }

        const int Side = 2 * Spread + 1;
        Tensor marked = cat(images).to(_device).IsAbove(0L).to(ScalarType.Float32);
        Tensor wide = nn.functional.max_pool2d(marked, Side, stride: 1, padding: Spread);
        int scale = _model.Outline.Scale;
        Tensor large = wide.repeat_interleave(scale, 2).repeat_interleave(scale, 3);
        return large.Times(-1).Plus(1).MoveToOuterDisposeScope();
    }
}

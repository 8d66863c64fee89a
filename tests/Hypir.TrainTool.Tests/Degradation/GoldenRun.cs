using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

/// <summary>A run of the reference with all its choices: its recipe, and its random fields to apply it with.</summary>
internal sealed class GoldenRun(string path) : IDisposable
{
    // Nearer to a tie than this, a float32 that is as good as the reference's may round to the other side.
    private static readonly Dictionary<string, double> Enough = new() { ["jpeg"] = 5e-4, ["poisson"] = 5e-4, ["sharpen"] = 1e-3 };

    public GoldenCase Golden { get; } = new(path);

    public string Name => Golden.Name;

    /// <summary>Whether every rounding lies far enough from a tie to come out the same anywhere.</summary>
    public bool IsSafe =>
        Golden.Case.GetProperty("margins").EnumerateObject().All(margin => margin.Value.GetDouble() >= Enough[margin.Name]);

    /// <summary>The recorded steps by their names without the number, in order.</summary>
    public IEnumerable<(string Name, string Tensor)> Steps =>
        Golden.Case.GetProperty("steps").EnumerateArray().Select(step => (step.GetString()!.Split('.')[2], step.GetString()!));

    public DegradationRecipe Recipe()
    {
        var plan = Golden.Case.GetProperty("plan");
        var final = plan.GetProperty("final");
        int count = (int)Golden["in.hq"].shape[0];
        return new()
        {
            Sharpen = plan.GetProperty("sharpen").GetBoolean() ? new() : null,
            Stage1 = Stage(plan.GetProperty("stage1")),
            SecondBlur = plan.GetProperty("stage2").GetProperty("blur").GetBoolean(),
            Stage2Scale = plan.GetProperty("stage2").GetProperty("stage2_scale").GetDouble(),
            Stage2 = Stage(plan.GetProperty("stage2")),
            Final = new()
            {
                Order = final.GetProperty("order").GetString() == "sinc+jpeg" ? FinalOrder.SincThenJpeg : FinalOrder.JpegThenSinc,
                Mode = Parse<ResizeMode>(final, "mode"),
                ResizeBack = Golden.Case.GetProperty("settings").GetProperty("resize_back").GetBoolean(),
            },
            Images = [.. Enumerable.Range(0, count).Select(i => new ImageRecipe
            {
                // Kernels are left out: the run has them as tensors.
                Stage1 = Image("stage1", "stage1", i),
                Stage2 = Image("stage2", "final", i),
            })],
        };
    }

    public DegradedImages Apply(Func<string, Tensor, Tensor> step) => RecipeApplier.Apply(Recipe(), Golden["in.hq"],
        new(Golden["in.kernel1"], Golden["in.kernel2"], Golden["in.sinc_kernel"]),
        new RecordedDraws(Golden, "draw.stage1"), new RecordedDraws(Golden, "draw.stage2"), step);

    public void Dispose() => Golden.Dispose();

    private static StageRecipe Stage(JsonElement stage) => new()
    {
        Scale = stage.GetProperty("scale").GetDouble(),
        Mode = Parse<ResizeMode>(stage, "mode"),
        Noise = Parse<NoiseKind>(stage, "noise"),
        NoiseSeed = 0,
    };

    private ImageStage Image(string noise, string quality, int i) => new()
    {
        NoiseAmount = Value($"draw.{noise}.amount", i),
        GreyNoise = Value($"draw.{noise}.gray", i) > 0,
        Quality = Value($"draw.{quality}.quality", i),
    };

    private double Value(string name, int i) => Golden[name][i].to(float64).item<double>();

    private static T Parse<T>(JsonElement element, string name)
        where T : struct => Enum.Parse<T>(element.GetProperty(name).GetString()!, ignoreCase: true);
}

using System.Globalization;
using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Loop;
using Hypir.Training.Optimizers;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Whole runs of the reference's trainer: every batch's losses, logits, norms and sums, and where each run ends.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class TraceGoldenTests : TensorTest
{
    private const double Tolerance = 1e-9;
    private readonly Dictionary<string, double> _worst = [];

    public static IEnumerable<object[]> Traces() => Directory.Exists(Goldens.Path("training", "trace"))
        ? Goldens.Cases("*.safetensors", "training", "trace").Where(IsTrace).Select(path => new object[] { Path.GetFileName(path) })
        : [["absent"]];

    [TestMethod]
    [DynamicData(nameof(Traces))]
    public void Every_batch_equals_the_reference(string file)
    {
        using var scope = NewDisposeScope();
        using var run = new TraceRun(file);
        GoldenCase golden = run.Case;
        Trainer trainer = run.Trainer;
        JsonElement[] steps = [.. golden.Case.GetProperty("steps").EnumerateArray()];
        var norms = new Queue<JsonElement>(golden.Case.GetProperty("norms").EnumerateArray());
        var logged = new Queue<JsonElement>(golden.Case.GetProperty("log").EnumerateArray());
        Sums(golden, "in.lora.sums", trainer.Generator.ByName.Values);
        Assert.AreNotEqual(0, steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            using var own = NewDisposeScope();
            using PreparedBatch batch = run.Batch(i);
            if (i == 0 && golden.Has("out.first.text_embed"))
                Close("text", golden["out.first.text_embed"], batch.Text);
            Close("latent", golden["out.z_lq"][i], batch.Latent);
            First(run, i, batch, golden);
            IReadOnlyList<StepReport> reports = trainer.Step(batch, run.LastOfEpoch(i));
            Report(i, steps[i], reports.Single());
            if (reports[0].GradientNorm is double norm)
            {
                Norm(i, norms.Dequeue(), reports[0].Side, norm);
                Gradients(golden, trainer, reports[0].Side, norm);
            }

            After(i, trainer, golden);
            if (reports[0] is { Side: StepSide.Discriminator, Synchronised: true })
                Logged(logged, trainer.Counters.Steps, run, batch);
            if (trainer.Counters.Steps == 1 && reports[0].Side == StepSide.Discriminator)
                foreach (string name in golden.Names("out.first.D.decoder."))
                    Close("first u, v", golden[name], trainer.Decoder!.state_dict()[name["out.first.D.decoder.".Length..]]);
        }

        Assert.IsEmpty(norms);
        Assert.IsEmpty(logged);
        Final(golden, trainer);
        foreach ((string what, double error) in _worst.OrderBy(w => w.Key, StringComparer.Ordinal))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {error:g2}"));
    }

    private static bool IsTrace(string path)
    {
        using var golden = new GoldenCase(path);
        return golden.Case.TryGetProperty("steps", out _);
    }

    /// <summary>The first generated image of each side, and the gradients before clipping, seen by steps that are not taken.</summary>
    private void First(TraceRun run, int step, PreparedBatch batch, GoldenCase golden)
    {
        string side = run.Trainer.Turn == StepSide.Generator ? "G" : "D";
        bool first = !run.Order.Take(step).Select((_, i) => i / run.Settings.Accumulation % 2 == 0 ? "G" : "D").Contains(side);
        if (!first || !golden.Has($"out.first.{side}.x"))
            return;
        using GeneratorPass pass = GeneratorPass.Run(run.Networks, run.Settings, batch, gradients: false);
        Close("first images", golden[$"out.first.{side}.x"], pass.Image);
    }

    private void Report(int step, JsonElement expected, StepReport actual)
    {
        Assert.AreEqual(expected.GetProperty("kind").GetString(), actual.Side == StepSide.Generator ? "G" : "D", $"Batch {step}: side.");
        Assert.AreEqual(expected.GetProperty("sync").GetBoolean(), actual.Synchronised, $"Batch {step}: synchronised.");
        Assert.IsFalse(actual.Skipped);
        JsonProperty[] losses = [.. expected.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number)];
        CollectionAssert.AreEquivalent(losses.Select(p => p.Name).ToArray(), actual.Losses.Keys.ToArray());
        foreach (JsonProperty loss in losses)
            Close("losses", loss.Value.GetDouble(), actual.Losses[loss.Name], $"batch {step}: {loss.Name}");
        JsonElement[] calls = [.. expected.GetProperty("logit_means").EnumerateArray()];
        Assert.HasCount(calls.Length, actual.LogitMeans);
        for (int call = 0; call < calls.Length; call++)
        {
            double[] means = [.. calls[call].EnumerateArray().Select(v => v.GetDouble())];
            Assert.HasCount(means.Length, actual.LogitMeans[call]);
            for (int level = 0; level < means.Length; level++)
                Close(
                    "logits", means[level], actual.LogitMeans[call][level], $"batch {step}: logits of call {call}, level {level}",
                    means.Max(Math.Abs));
        }
    }

    private void Norm(int step, JsonElement expected, StepSide side, double norm)
    {
        Assert.AreEqual(expected.GetProperty("batch").GetInt32(), step);
        Assert.AreEqual(expected.GetProperty("generator").GetBoolean(), side == StepSide.Generator);
        Close("norms", expected.GetProperty("norm").GetDouble(), norm, $"batch {step}: gradient norm");
    }

    /// <summary>
    /// After an optimizer's first step its mean gradient is (1 - beta1) times the clipped one, which tells the gradients before clipping.
    /// </summary>
    private void Gradients(GoldenCase golden, Trainer trainer, StepSide side, double norm)
    {
        (string letter, string prefix, Optimizer optimizer, OptimizerSettings settings) = side == StepSide.Generator
            ? ("G", "", trainer.GeneratorOptimizer, trainer.Settings.GeneratorOptimizer)
            : ("D", "decoder.", trainer.DiscriminatorOptimizer!, trainer.Settings.DiscriminatorOptimizer);
        if (optimizer.Steps != 1 || settings is not AdamWSettings adam)
            return;
        using var scope = NewDisposeScope();
        double clipped = Math.Min(1, trainer.Settings.MaxGradientNorm / (norm + 1e-6));
        foreach (string name in golden.Names($"grad.{letter}."))
            Close(
                $"gradients of {letter}", golden[name],
                optimizer.State[$"exp_avg/{name[($"grad.{letter}.".Length + prefix.Length)..]}"] / ((1 - adam.Beta1) * clipped));
    }

    /// <summary>The last batch's sums are in the final ones.</summary>
    private void After(int step, Trainer trainer, GoldenCase golden)
    {
        if (golden.Names($"out.sums.{step}.").Count == 0)
        {
            Assert.AreEqual(golden.Case.GetProperty("steps").GetArrayLength() - 1, step, $"{golden.Name} has no sums after batch {step}.");
            return;
        }

        Sums(golden, $"out.sums.{step}.lora", trainer.Generator.ByName.Values);
        Sums(golden, $"out.sums.{step}.ema", trainer.Average!.ByName.Values);
        Sums(golden, $"out.sums.{step}.D", trainer.Discriminator!.ByName.Values);
        Sums(
            golden,
            $"out.sums.{step}.uv",
            trainer
                .Decoder!.state_dict()
                .Where(b => b.Key.EndsWith("_u", StringComparison.Ordinal) || b.Key.EndsWith("_v", StringComparison.Ordinal))
                .Select(b => b.Value)
        );
    }

    /// <summary>
    /// The reference logs at each discriminator step, and now and then also the gradient norm of each loss for some modules. Its sums of
    /// losses forget an epoch's end; those of each batch are compared instead.
    /// </summary>
    private void Logged(Queue<JsonElement> logged, long step, TraceRun run, PreparedBatch batch)
    {
        Assert.AreEqual(logged.Dequeue().GetProperty("step").GetInt64(), step);
        if (!logged.TryPeek(out JsonElement next) || next.GetProperty("step").GetInt64() != step)
            return;
        logged.Dequeue();
        foreach (
            string module in run
                .Case.Case.GetProperty("config")
                .GetProperty("log_grad_modules")
                .EnumerateArray()
                .Select(m => m.GetString()!)
        )
        {
            IReadOnlyDictionary<string, double> norms = TrainingViews.GradientNorms(run.Trainer, batch, name =>
                name.Split(".lora_")[0].EndsWith(module, StringComparison.Ordinal)
            );
            foreach ((string loss, double norm) in norms)
                Close(
                    "gradient norms by loss", next.GetProperty($"grad_norm/{module}_{(loss == "mse" ? "l2" : loss)}").GetDouble(), norm,
                    $"step {step}: {module}, {loss}");
        }
    }

    private void Final(GoldenCase golden, Trainer trainer)
    {
        string[] names = [.. golden.Case.GetProperty("lora_names").EnumerateArray().Select(v => v.GetString()!)];
        CollectionAssert.AreEqual(names, trainer.Generator.ByName.Keys.ToArray());
        Each("out.final.lora_sums", name => trainer.Generator.ByName[name]);
        Each("out.final.ema_sums", name => trainer.Average!.ByName[name]);
        foreach (string name in golden.Names("out.final.D.decoder."))
            Close("final D, u, v", golden[name], trainer.Decoder!.state_dict()[name["out.final.D.decoder.".Length..]]);
        foreach (string name in golden.Names("out.final.lora."))
            Close("final LoRA", golden[name], trainer.Generator.ByName[name["out.final.lora.".Length..]]);
        foreach (string name in golden.Names("out.final.ema."))
            Close("final EMA", golden[name], trainer.Average!.ByName[name["out.final.ema.".Length..]]);
        foreach (string name in golden.Names("out.final.exp_avg"))
        {
            string[] parts = name["out.final.".Length..].Split('.', 3);
            Optimizer optimizer = parts[1] == "G" ? trainer.GeneratorOptimizer : trainer.DiscriminatorOptimizer!;
            Close("moments", golden[name], optimizer.State[$"{parts[0]}/{(parts[1] == "G" ? parts[2] : parts[2]["decoder.".Length..])}"]);
        }

        void Each(string key, Func<string, Tensor> of)
        {
            using Tensor expected = golden[key];
            for (int i = 0; i < names.Length; i++)
                Sums(expected[i], [of(names[i])], $"{key}: {names[i]}", "final sums of each tensor");
        }
    }

    private void Sums(GoldenCase golden, string name, IEnumerable<Tensor> tensors)
    {
        using Tensor expected = golden[name];
        Sums(expected, tensors, name, $"sums of {name.Split('.')[^1]}");
    }

    private void Sums(Tensor expected, IEnumerable<Tensor> tensors, string what, string kind)
    {
        using var scope = NewDisposeScope();
        double[] values = expected.data<double>().ToArray();
        double sum = 0, absolute = 0;
        foreach (Tensor tensor in tensors)
            (sum, absolute) = (sum + tensor.detach().sum().item<double>(), absolute + tensor.detach().abs().sum().item<double>());
        Close(kind, values[0], sum, what, values[1]);
        Close(kind, values[1], absolute, what, values[1]);
    }

    private void Close(string kind, Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Note(kind, Numbers.AssertClose(expected, actual.detach(), Tolerance, kind));
    }

    private void Close(string kind, double expected, double actual, string what, double? scale = null)
    {
        double error = Math.Abs(expected - actual) / Math.Max(scale ?? Math.Abs(expected), double.Epsilon);
        Assert.IsTrue(error <= Tolerance, $"{what}: {actual:r} instead of {expected:r}.");
        Note(kind, error);
    }

    private void Note(string kind, double error) => _worst[kind] = Math.Max(_worst.GetValueOrDefault(kind), error);
}

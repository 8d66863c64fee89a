using System.Text.Json;
using Hypir.Networks.Scheduling;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Scheduling;

[TestClass]
public sealed class SchedulerTests : TensorTest
{
    [TestMethod]
    public void Without_a_word_about_it_the_sample_is_clamped_as_ddpm_does()
    {
        using var scope = NewDisposeScope();
        DdpmScheduler clamped = new(Parse("""{"prediction_type": "sample"}""")),
            free = new(Parse("""{"prediction_type": "sample", "clip_sample": false}"""));
        Tensor prediction = tensor(new[] { -3f, 0.5f, 2f }),
            sample = zeros(3);
        CollectionAssert.AreEqual(new[] { -1f, 0.5f, 1f }, clamped.PredictOriginal(prediction, sample, 10).data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { -3f, 0.5f, 2f }, free.PredictOriginal(prediction, sample, 10).data<float>().ToArray());
    }

    [TestMethod]
    [DataRow("""{"beta_schedule": "linear"}""")]
    [DataRow("""{"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}""")]
    [DataRow("""{"beta_schedule": "squaredcos_cap_v2"}""")]
    [DataRow("""{"trained_betas": [0.1, 0.2, 0.3]}""")]
    public void The_signal_falls_from_one_towards_zero(string json)
    {
        IReadOnlyList<float> alphas = new DdpmScheduler(Parse(json)).AlphasCumprod;
        Assert.IsTrue(alphas[0] is > 0.8f and < 1);
        for (int i = 1; i < alphas.Count; i++)
            Assert.IsTrue(alphas[i] < alphas[i - 1] && alphas[i] > 0);
    }

    [TestMethod]
    public void A_rescaled_schedule_ends_without_signal_and_starts_as_before()
    {
        DdpmScheduler plain = new(Parse("""{"beta_schedule": "scaled_linear"}""")),
            rescaled = new(Parse("""{"beta_schedule": "scaled_linear", "rescale_betas_zero_snr": true}"""));
        Assert.AreEqual(plain.AlphasCumprod[0], rescaled.AlphasCumprod[0], 1e-6f);
        Assert.AreEqual(0f, rescaled.AlphasCumprod[^1], 1e-6f);
    }

    [TestMethod]
    public void A_timestep_outside_the_schedule_is_refused()
    {
        DdpmScheduler scheduler = new(Parse("{}"));
        using Tensor x = zeros(1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scheduler.PredictOriginal(x, x, 1000));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scheduler.PredictOriginal(x, x, -1));
    }

    [TestMethod]
    public void An_unknown_schedule_is_refused_by_name() =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelException>(() => Parse("""{"beta_schedule": "sigmoid"}""")).Message, "sigmoid");

    private static SchedulerConfig Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return SchedulerConfig.Parse(document.RootElement, "some/scheduler_config.json");
    }
}

using Hypir.Testing;
using Hypir.Training.Logging;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>The models that ship, and the one for tests, come from the configurations beside them.</summary>
[TestClass]
public sealed class SmallModelTests
{
    private const int Steps = 50;

    /// <summary>
    /// The variable names the folder of photographs, and of the networks to start from, that docs/small-model.md describes. The sums of a
    /// convolution come in another order on another kind of processor, and training carries their last bits on: after 50 steps at up to
    /// 1e-3 losses still agree to a thousandth.
    /// </summary>
    [TestMethod]
    [DataRow("nano", "HYPIR_NANO_PHOTOS")]
    [DataRow("faithful", "HYPIR_FAITHFUL_PHOTOS")]
    [DataRow("vivid", "HYPIR_VIVID_PHOTOS")]
    public void The_first_steps_from_the_configuration_give_the_losses_of_the_log(string model, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } photos)
        {
            Assert.Inconclusive($"{variable} does not name the folder of the photographs.");
            return;
        }
        using var folder = new TemporaryFolder();
        string place = model == NanoModel.Name ? NanoModel.Folder : Path.Combine(Repository.Root, "models", model);
        string training = Path.Combine(place, "training");
        string[] heldOut = File.ReadAllLines(Path.Combine(training, "validation.txt"));
        foreach (string photo in Directory.GetFiles(photos, "*.jpg"))
        {
            string part = Path.Combine(folder.Path, "photos", heldOut.Contains(Path.GetFileName(photo)) ? "validation" : "train");
            Directory.CreateDirectory(part);
            File.Copy(photo, Path.Combine(part, Path.GetFileName(photo)));
        }
        foreach (string network in Directory.GetFiles(photos, "*.pth"))
            File.Copy(network, folder.File(Path.GetFileName(network)));
        string text = File.ReadAllText(Path.Combine(training, "train.yaml"));
        string config = folder.Write("train.yaml", string.Join('\n', text.Split('\n').Select(line => line.Split(':')[0] switch
        {
            "base_model_path" => $"base_model_path: {place}",
            "max_train_steps" => $"max_train_steps: {Steps}",
            "lr_schedule" => "lr_schedule: constant", // the rates of the first steps, which warm up, are the same
            _ => line,
        })));
        BuiltProgram.Trainer.Run(folder.Path, "train", config).MustEnd(ExitCode.Success);
        var expected = MetricsLog.Read(Path.Combine(training, "metrics.jsonl"))["G_total"];
        var actual = MetricsLog.Read(Path.Combine(folder.Path, $"{model}-run", "metrics.jsonl"))["G_total"];
        Assert.HasCount(Steps, actual);
        foreach (var (step, value) in actual)
        {
            Assert.AreEqual(expected[(int)step - 1].Step, step);
            Assert.AreEqual(expected[(int)step - 1].Value, value, 1e-3 * Math.Abs(value), $"step {step}");
        }
    }
}

using Hypir.Networks.Discriminator;
using Hypir.Networks.Losses;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
[TestCategory("Golden")]
public sealed class DiscriminatorGoldenTests : TensorTest
{
    [TestMethod]
    public void Features_logits_losses_and_gradients_equal_the_reference()
    {
        using GoldenCase golden = TrainingCase.Open("convnext");
        using var scope = NewDisposeScope();
        using var tower = new ConvNextTower(TrainingCase.Tower(golden.Case), TrainingCase.Weights(golden, "param."));
        using var decoder = new MultiLevelDecoder(
            TrainingCase.Decoder(golden.Case.GetProperty("decoder")), TrainingCase.Weights(golden, "param.decoder."));
        decoder.eval();
        CollectionAssert.AreEquivalent(
            golden.Names("param.visual.").Select(n => n["param.".Length..]).ToArray(), tower.state_dict().Keys.ToArray());

        ConvNextFeatures features = tower.Forward(golden["in.x"]);
        for (int i = 0; i < features.Stages.Count - 1; i++)
            TrainingCase.Close(golden, $"out.feature.{i}", features.Stages[i]);
        TrainingCase.Close(golden, $"out.stage{features.Stages.Count - 1}", features.Stages[^1]);
        TrainingCase.Close(golden, $"out.feature.{features.Stages.Count - 1}", features.Embedding);

        var discriminator = new ImageDiscriminator(tower, decoder);
        var loss = new AdversarialLoss();
        foreach (
            (string name, AdversarialRole role) in new[]
            {
                ("G", AdversarialRole.Generator),
                ("real", AdversarialRole.Real),
                ("fake", AdversarialRole.Fake),
            }
        )
        {
            Tensor image = golden["in.image"].clone().requires_grad_(true);
            IReadOnlyList<Tensor> logits = discriminator.Forward(image);
            Tensor value = loss.Of(logits, role);
            TrainingCase.Close(golden, $"out.loss.{name}", value);
            for (int i = 0; i < logits.Count; i++)
                TrainingCase.Close(golden, $"out.logits.{i}", logits[i]);
            if (!golden.Has($"grad.{name}.image"))
                continue;
            value.mean().backward();
            TrainingCase.Close(golden, $"grad.{name}.image", image.grad!);
        }
    }
}

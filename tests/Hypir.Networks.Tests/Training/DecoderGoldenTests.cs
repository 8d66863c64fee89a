using Hypir.Networks.Discriminator;
using Hypir.Networks.Losses;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
[TestCategory("Golden")]
public sealed class DecoderGoldenTests : TensorTest
{
    [TestMethod]
    public void Logits_losses_gradients_and_power_iterations_equal_the_reference()
    {
        using GoldenCase golden = TrainingCase.Open("multilevel_d");
        using var scope = NewDisposeScope();
        DecoderConfig config = TrainingCase.Decoder(golden.Case);
        using var decoder = new MultiLevelDecoder(config, TrainingCase.Weights(golden, "param."));
        foreach (TorchSharp.Modules.Parameter parameter in decoder.parameters())
            parameter.requires_grad = true;
        Assert.IsNotEmpty(golden.Names("param."));
        CollectionAssert.AreEquivalent(
            golden.Names("param.").Select(n => n["param.".Length..]).ToArray(),
            decoder.state_dict().Keys.Where(k => !k.EndsWith(".filt", StringComparison.Ordinal)).ToArray());
        Tensor[] features = [.. golden.Names("in.feature.").Select(name => golden[name].clone().requires_grad_(true))];
        var loss = new AdversarialLoss();
        // In this order: each mode starts with the u and v that the previous one left.
        foreach (string mode in new[] { "initial", "train", "eval" })
        {
            decoder.train(mode == "train");
            decoder.zero_grad();
            foreach (Tensor feature in features)
                feature.grad = null;
            IReadOnlyList<Tensor> logits = decoder.Forward(features);
            Tensor real = loss.Of(logits, AdversarialRole.Real), fake = loss.Of(logits, AdversarialRole.Fake);
            (real.mean() + 0.5 * fake.mean()).backward();
            for (int i = 0; i < logits.Count; i++)
                TrainingCase.Close(golden, $"out.{mode}.logits.{i}", logits[i]);
            TrainingCase.Close(golden, $"out.{mode}.loss.real", real);
            TrainingCase.Close(golden, $"out.{mode}.loss.fake", fake);
            TrainingCase.Close(golden, $"out.{mode}.loss.G", loss.Of(logits, AdversarialRole.Generator));
            for (int i = 0; i < features.Length; i++)
                TrainingCase.Close(golden, $"grad.{mode}.feature.{i}", features[i].grad!);
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in decoder.named_parameters())
                TrainingCase.Close(golden, $"grad.{mode}.{name}", parameter.grad!);
            foreach (
                string name in golden
                    .Names($"out.{mode}.")
                    .Where(n => n.EndsWith("_u", StringComparison.Ordinal) || n.EndsWith("_v", StringComparison.Ordinal))
            )
                TrainingCase.Close(golden, name, decoder.state_dict()[name[$"out.{mode}.".Length..]]);
        }
    }
}

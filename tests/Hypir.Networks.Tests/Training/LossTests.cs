using Hypir.Networks.Losses;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
public sealed class LossTests : TensorTest
{
    [TestMethod]
    public void Pixel_losses_of_a_constant_difference()
    {
        using var scope = NewDisposeScope();
        Tensor target = rand([2, 3, 5, 8], ScalarType.Float64), image = target + 0.5;
        Assert.AreEqual(0.25, PixelLosses.L2(image, target).item<double>(), 1e-12);
        Assert.AreEqual(0.5, PixelLosses.L1(image, target).item<double>(), 1e-12);
        Assert.AreEqual(Math.Sqrt(0.25 + 1e-6), PixelLosses.Charbonnier(image, target).item<double>(), 1e-12);
        // Only the constant wave differs: 0.5 √(5 * 8) in the orthonormal transform, one of 5 * 5 half-spectrum entries of two parts each.
        Assert.AreEqual(0.5 * Math.Sqrt(40) / 50, PixelLosses.Frequency(image, target).item<double>(), 1e-12);
    }

    /// <summary>A decibel is the same step everywhere, until 36 dB are near.</summary>
    [TestMethod]
    public void The_logarithmic_loss_is_the_mean_over_images_and_counts_less_beyond_36_decibels()
    {
        using var scope = NewDisposeScope();
        Tensor target = zeros([2, 3, 4, 4], ScalarType.Float64);
        Tensor image = cat([full([1, 3, 4, 4], 0.2, ScalarType.Float64), zeros([1, 3, 4, 4], ScalarType.Float64)]);
        Assert.AreEqual((Math.Log(0.04 + 1e-3) + Math.Log(1e-3)) / 2, PixelLosses.Psnr(image, target).item<double>(), 1e-12);
    }

    [TestMethod]
    public void Charbonnier_has_a_gradient_where_both_images_agree()
    {
        using var scope = NewDisposeScope();
        Tensor image = zeros([1, 3, 4, 4], ScalarType.Float64).requires_grad_(true);
        PixelLosses.Charbonnier(image, zeros_like(image, requires_grad: false)).backward();
        Assert.AreEqual(0, image.grad!.abs().max().item<double>());
    }

    [TestMethod]
    public void Hinge_loss_is_what_Lim_and_Ye_wrote()
    {
        using var scope = NewDisposeScope();
        // Levels of one position and of four; their means are summed.
        Tensor[] logits =
        [
            tensor(new[] { -0.5, 2.0 }).reshape(2, 1), tensor(new[] { 0.0, 1.0, 2.0, 3.0, -1.0, -2.0, -3.0, 4.0 }).reshape(2, 2, 2),
        ];
        var loss = new AdversarialLoss(AdversarialKind.Hinge);
        Expect([1.5 + 0.25, 0 + (2 + 3 + 4 + 0) / 4.0], AdversarialRole.Real);
        Expect([0.5 + (1 + 2 + 3 + 4) / 4.0, 3 + 5 / 4.0], AdversarialRole.Fake);
        Expect([0.5 - 1.5, -2 + 0.5], AdversarialRole.Generator);

        void Expect(double[] expected, AdversarialRole role)
        {
            Tensor actual = loss.Of(logits, role);
            CollectionAssert.AreEqual(new long[] { 2, 1 }, actual.shape);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i].item<double>(), 1e-12, $"{role}, image {i}");
        }
    }

    [TestMethod]
    public void Large_logits_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        Tensor[] logits = [tensor(new[] { 1e4f, -1e4f }).reshape(2, 1)];
        foreach (AdversarialRole role in Enum.GetValues<AdversarialRole>())
            Assert.IsTrue(new AdversarialLoss().Of(logits, role).isfinite().all().item<bool>(), $"{role}");
    }
}

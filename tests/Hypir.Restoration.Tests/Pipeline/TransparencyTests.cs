using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>What nobody saw does not get into what everybody sees.</summary>
[TestClass]
public sealed class TransparencyTests : TensorTest
{
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(2.0)]
    public void A_red_cut_out_on_transparent_green_stays_free_of_green(double upscale)
    {
        const int Side = 64;
        (byte[] rgb, byte[] alpha) = (new byte[3 * Side * Side], new byte[Side * Side]);
        for (int pixel = 0; pixel < Side * Side; pixel++)
        {
            bool inside = Math.Pow((pixel % Side) - 31.5, 2) + Math.Pow((pixel / Side) - 31.5, 2) < 20 * 20;
            (rgb[3 * pixel], rgb[(3 * pixel) + 1]) = inside ? ((byte)200, (byte)20) : ((byte)0, (byte)255);
            alpha[pixel] = inside ? (byte)255 : (byte)0;
        }

        var input = new RasterImage(Side, Side, 8, rgb, alpha);
        var options = new RestoreOptions { Upscale = upscale, Device = "cpu" };
        using Restorer restorer = Restorer.Load(Machine.Nano, options, Machine.Facts, null);
        RasterImage output = restorer.Restore(input, Machine.Plan(Machine.Nano, options, Side, Side, alpha: true)).Image;
        for (int pixel = 0; pixel < output.Width * output.Height; pixel++)
        {
            if (output.Alpha![pixel] > 0)
                Assert.IsTrue(
                    output.Rgb[(3 * pixel) + 1] < 60,
                    $"Green is {output.Rgb[(3 * pixel) + 1]} at {pixel % output.Width}, {pixel / output.Width}.");
        }
    }

    [TestMethod]
    public void With_strength_zero_even_hidden_colors_come_back_as_they_were()
    {
        RasterImage input = Images.Random(33, 21, 8, alpha: true);
        var options = new RestoreOptions { Strength = 0, Device = "cpu" };
        using Restorer restorer = Restorer.Load(Machine.Nano, options, Machine.Facts, null);
        RasterImage output = restorer.Restore(input, Machine.Plan(Machine.Nano, options, 33, 21, alpha: true)).Image;
        CollectionAssert.AreEqual(input.Rgb, output.Rgb);
    }
}

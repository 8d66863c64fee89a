using System.Text;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class XmpTests
{
    /// <summary>Every PLACE is removed with the location, every kept1 to kept6 is not.</summary>
    private static readonly string Packet = File.ReadAllText(Fixtures.Path("places.xmp")).TrimEnd('\n');

    [TestMethod]
    [DataRow("out.png")]
    [DataRow("out.jpg")]
    [DataRow("out.webp")]
    [DataRow("out.tif")]
    public void The_location_is_removed_in_every_namespace(string target)
    {
        using var folder = new TemporaryFolder();
        var image = new RasterImage(4, 4, 8, new byte[48], null, new ImageMetadata { Xmp = Encoding.UTF8.GetBytes(Packet) });
        ImageFile.Save(image, folder.File(target), new SaveSettings { StripLocation = true });
        string file = Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(target))),
            xmp = Encoding.UTF8.GetString(ImageFile.Load(folder.File(target)).Metadata.Xmp!);
        Assert.DoesNotContain("PLACE", file + xmp);
        for (int i = 1; i <= 6; i++)
            Assert.Contains("kept" + i, xmp);
        ImageFile.Save(image, folder.File(target));
        Assert.Contains("PLACE", Encoding.UTF8.GetString(ImageFile.Load(folder.File(target)).Metadata.Xmp!));
    }

    [TestMethod]
    [DataRow("tiff:Orientation=\"6\"", "", DisplayName = "An attribute")]
    [DataRow("", "<tiff:Orientation> 6 </tiff:Orientation>", DisplayName = "An element")]
    public void Orientation_is_taken_from_xmp_where_exif_says_nothing(string attribute, string element)
    {
        using var folder = new TemporaryFolder();
        byte[] xmp = Encoding.UTF8.GetBytes(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
                + "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" "
                + attribute
                + ">"
                + element
                + "</rdf:Description></rdf:RDF>"
        );
        byte[] chunk = PngBuilder.Chunk("iTXt", [.. "XML:com.adobe.xmp\0"u8, 0, 0, 0, 0, .. xmp]);
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(2, 1, 8, 2, [1, 2, 3, 4, 5, 6], chunk));
        AssertTurned(ImageFile.Load(folder.File("in.png")), turned: true);
        Assert.AreEqual((1, 2), (ImageFile.Inspect(folder.File("in.png")).Width, ImageFile.Inspect(folder.File("in.png")).Height));

        // Once: the result is upright by itself.
        foreach (string target in new[] { "out.png", "out.tif" })
        {
            ImageFile.Save(ImageFile.Load(folder.File("in.png")), folder.File(target));
            AssertTurned(ImageFile.Load(folder.File(target)), turned: true);
        }

        // EXIF comes first.
        byte[] exif = [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(2, 1, 8, 2, [1, 2, 3, 4, 5, 6], chunk, PngBuilder.Chunk("eXIf", exif)));
        AssertTurned(ImageFile.Load(folder.File("in.png")), turned: false);

        static void AssertTurned(RasterImage image, bool turned)
        {
            Assert.AreEqual(turned ? (1, 2) : (2, 1), (image.Width, image.Height));
            CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, image.Rgb);
        }
    }
}

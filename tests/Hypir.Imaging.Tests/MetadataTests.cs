
using Hypir.Testing;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Iptc;
using MetadataExtractor.Formats.Xmp;
using Directory = MetadataExtractor.Directory;

namespace Hypir.Imaging.Tests;

/// <summary>What exiftool and ImageMagick wrote into the fixtures, through load and save, as another library reads it.</summary>
[TestClass]
public sealed class MetadataTests
{
    private const int Artist = 0x013b;

    private static readonly string[] Targets = ["out.png", "out.jpg", "out.webp", "out.tif"];

    public static IEnumerable<object[]> Ways =>
        from name in Fixtures.All().Where(name => name.StartsWith("meta", StringComparison.Ordinal))
        from target in Targets
        select new object[] { name, target };

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Camera_date_owner_and_place_are_kept(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var read = SaveTwiceAsLarge(name, folder.File(target), new SaveSettings());
        Assert.AreEqual("Acme", Text(read, ExifDirectoryBase.TagMake));
        Assert.AreEqual("Camera 9", Text(read, ExifDirectoryBase.TagModel));
        Assert.AreEqual("(c) Jane Doe", Text(read, ExifDirectoryBase.TagCopyright));
        Assert.AreEqual("Jane Doe", Text(read, Artist));
        Assert.AreEqual("2021:03:04 05:06:07", Text(read, ExifDirectoryBase.TagDateTimeOriginal));
        Assert.AreEqual("Lens 50", Text(read, ExifDirectoryBase.TagLensModel));
        Assert.AreEqual(2.8, read.OfType<ExifSubIfdDirectory>().First().GetDouble(ExifDirectoryBase.TagFNumber), 1e-6);
        var place = read.OfType<GpsDirectory>().Single().GetGeoLocation();
        Assert.AreEqual((47.5, 8.5), (place!.Latitude, place.Longitude));
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void What_belongs_to_the_old_pixels_is_made_anew(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var read = SaveTwiceAsLarge(name, folder.File(target), new SaveSettings());
        var main = read.OfType<ExifIfd0Directory>().Single();
        Assert.AreEqual(1, main.TryGetInt32(ExifDirectoryBase.TagOrientation, out int turn) ? turn : 1);
        Assert.AreEqual(300, main.GetDouble(ExifDirectoryBase.TagXResolution), 0.01);
        var camera = read.OfType<ExifSubIfdDirectory>().First();
        Assert.AreEqual(1, camera.GetInt32(ExifDirectoryBase.TagColorSpace));
        if (camera.TryGetInt32(ExifDirectoryBase.TagExifImageWidth, out int width))
            Assert.AreEqual(46, width);
        Assert.IsEmpty(read.OfType<ExifThumbnailDirectory>());
        foreach (var property in read.OfType<XmpDirectory>().SelectMany(xmp => xmp.GetXmpProperties()))
            Assert.IsFalse(property.Key is "tiff:Orientation" or "tiff:ImageWidth", property.Key);
        var info = ImageFile.Inspect(folder.File(target));
        Assert.AreEqual((46, 74), (info.Width, info.Height));
    }

    [TestMethod]
    [DataRow("meta.jpg", "out.jpg")]
    [DataRow("meta.jpg", "out.tif")]
    [DataRow("meta.tif", "out.jpg")]
    [DataRow("meta.tif", "out.tif")]
    [DataRow("meta-by-imagemagick.png", "out.jpg")]
    public void Iptc_is_kept_where_the_format_holds_it(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var iptc = SaveTwiceAsLarge(name, folder.File(target), new SaveSettings()).OfType<IptcDirectory>().Single();
        CollectionAssert.AreEqual(new[] { "one", "two" }, iptc.GetKeywords()!.ToArray());
        Assert.AreEqual("Bern", iptc.GetString(IptcDirectory.TagCity));
        Assert.AreEqual("(c) Jane Doe", iptc.GetString(IptcDirectory.TagCopyrightNotice));
    }

    [TestMethod]
    [DataRow("out.jpg")]
    [DataRow("out.tif")]
    [DataRow("out.webp")]
    [DataRow("out.png")]
    public void Xmp_is_kept(string target)
    {
        using var folder = new TemporaryFolder();
        ImageFile.Save(ImageFile.Load(Fixtures.Path("meta.jpg")), folder.File(target));
        string again = System.Text.Encoding.UTF8.GetString(ImageFile.Load(folder.File(target)).Metadata.Xmp!);
        Assert.Contains("A title", again);
        Assert.Contains("Bern", again);
    }

    [TestMethod]
    [DataRow("out.png", "IPTC", "EXIF")]
    [DataRow("out.webp", "IPTC", "EXIF")]
    [DataRow("out.bmp", "EXIF", "profile")]
    public void What_a_format_cannot_hold_is_told(string target, string told, string kept)
    {
        using var folder = new TemporaryFolder();
        var notes = ImageFile.Save(ImageFile.Load(Fixtures.Path("meta.jpg")), folder.File(target)).Notes;
        Assert.Contains(note => note.Contains(told, StringComparison.Ordinal), notes);
        Assert.DoesNotContain(note => note.Contains(kept, StringComparison.Ordinal), notes);
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void The_location_is_removed_on_request_and_nothing_else(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var read = SaveTwiceAsLarge(name, folder.File(target), new SaveSettings { StripLocation = true });
        Assert.IsEmpty(read.OfType<GpsDirectory>());
        Assert.AreEqual("Acme", Text(read, ExifDirectoryBase.TagMake));
        string everything = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(target)));
        Assert.DoesNotContain("Bern", everything);
        var again = ImageFile.Load(folder.File(target)).Metadata;
        Assert.DoesNotContain("GPS", again.Xmp is null ? "" : System.Text.Encoding.UTF8.GetString(again.Xmp));
        foreach (var iptc in read.OfType<IptcDirectory>())
            CollectionAssert.AreEqual(new[] { "one", "two" }, iptc.GetKeywords()!.ToArray());
    }

    [TestMethod]
    public void Resolution_goes_into_a_bitmap_and_back()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Save(ImageFile.Load(Fixtures.Path("meta.jpg")), folder.File("out.bmp"));
        byte[] file = File.ReadAllBytes(folder.File("out.bmp"));
        Assert.AreEqual(11_811, BitConverter.ToInt32(file, 38));
        Assert.AreEqual(300, ImageFile.Load(folder.File("out.bmp")).Metadata.PixelsPerInch!.Value.X, 0.01);
    }

    [TestMethod]
    [DataRow("out.png")]
    [DataRow("out.jpg")]
    [DataRow("out.tif")]
    [DataRow("out.webp")]
    public void A_resolution_is_not_invented(string target)
    {
        using var folder = new TemporaryFolder();
        RasterImage image = ImageFile.Load(Fixtures.Path("meta.jpg"));
        ImageFile.Save(image.With(image.Metadata with { PixelsPerInch = null }), folder.File(target));
        var read = ImageMetadataReader.ReadMetadata(folder.File(target));
        foreach (var exif in read.OfType<ExifIfd0Directory>().Where(_ => target != "out.tif"))
            Assert.IsFalse(exif.ContainsTag(ExifDirectoryBase.TagXResolution), "EXIF");
        if (target == "out.tif")
            Assert.AreEqual(1, read.OfType<ExifIfd0Directory>().Single().GetInt32(ExifDirectoryBase.TagResolutionUnit), "no unit");
        Assert.AreEqual("Acme", Text(read, ExifDirectoryBase.TagMake), "All else stays.");
        RasterImage again = ImageFile.Load(folder.File(target));
        Assert.IsNull(again.Metadata.PixelsPerInch);
        Assert.AreEqual((image.Width, image.Height), (again.Width, again.Height));
        ImageFile.Save(image, folder.File(target));
        Assert.AreEqual(300, ImageFile.Load(folder.File(target)).Metadata.PixelsPerInch!.Value.X, 0.01, "A known one stays.");
    }

    [TestMethod]
    [DataRow("gif-animated.gif", "3 frames")]
    [DataRow("webp-animated.webp", "2 frames")]
    [DataRow("tiff-pages.tif", "2 pages")]
    public void Frames_that_are_not_read_are_told(string name, string words) =>
        Assert.Contains(note => note.Contains(words, StringComparison.Ordinal), ImageFile.Load(Fixtures.Path(name)).Metadata.Notes);

    [TestMethod]
    public void Damaged_xmp_is_dropped_and_reported()
    {
        using var folder = new TemporaryFolder();
        byte[] file = File.ReadAllBytes(Fixtures.Path("meta.jpg"));
        file[file.AsSpan().IndexOf("<rdf:RDF"u8)] = (byte)'x';
        File.WriteAllBytes(folder.File("damaged.jpg"), file);
        var metadata = ImageFile.Load(folder.File("damaged.jpg")).Metadata;
        Assert.IsNull(metadata.Xmp);
        Assert.Contains(note => note.Contains("XMP", StringComparison.Ordinal), metadata.Notes);
    }

    private static IReadOnlyList<Directory> SaveTwiceAsLarge(string name, string target, SaveSettings settings)
    {
        var small = ImageFile.Load(Fixtures.Path(name));
        Assert.AreEqual((23, 37), (small.Width, small.Height), "Upright.");
        byte[] rgb = new byte[4 * small.Rgb.Length];
        ImageFile.Save(new RasterImage(46, 74, 8, rgb, null, small.Metadata), target, settings);
        return ImageMetadataReader.ReadMetadata(target);
    }

    private static string? Text(IEnumerable<Directory> directories, int tag) =>
        directories
            .OfType<ExifDirectoryBase>()
            .Select(directory => directory.GetString(tag))
            .FirstOrDefault(text => text is not null)
            ?.Trim('\0');
}

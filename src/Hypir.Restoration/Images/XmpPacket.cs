using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Hypir.Restoration.Images;

/// <summary>XMP packets (ISO 16684-1): an RDF document in UTF-8 in which a property is an attribute or an element.</summary>
internal static class XmpPacket
{
    private const int MostCharacters = 16 << 20;
    private const string Tiff = "http://ns.adobe.com/tiff/1.0/", Exif = "http://ns.adobe.com/exif/1.0/", Xmp = "http://ns.adobe.com/xap/1.0/",
        Photoshop = "http://ns.adobe.com/photoshop/1.0/", IptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        IptcExtension = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

    private static readonly HashSet<XName> OldPixels =
    [
        XName.Get("Orientation", Tiff), XName.Get("ImageWidth", Tiff), XName.Get("ImageLength", Tiff), XName.Get("BitsPerSample", Tiff),
        XName.Get("PixelXDimension", Exif), XName.Get("PixelYDimension", Exif), XName.Get("ColorSpace", Exif),
        XName.Get("Thumbnails", Xmp), XName.Get("ICCProfile", Photoshop),
    ];

    private static readonly HashSet<XName> Places =
    [
        XName.Get("City", Photoshop), XName.Get("State", Photoshop), XName.Get("Country", Photoshop),
        XName.Get("Location", IptcCore), XName.Get("CountryCode", IptcCore),
        XName.Get("LocationCreated", IptcExtension), XName.Get("LocationShown", IptcExtension),
    ];

    /// <summary>The packet without what describes the old pixels; null where it is no XML.</summary>
    internal static byte[]? WithoutOldPixels(byte[] packet) => Without(packet, OldPixels.Contains);

    /// <summary>The packet without what names a place; null where it is no XML.</summary>
    internal static byte[]? WithoutLocation(byte[] packet) =>
        Without(packet, name => Places.Contains(name) || (name.NamespaceName == Exif && name.LocalName.StartsWith("GPS", StringComparison.Ordinal)));

    private static byte[]? Without(byte[] packet, Predicate<XName> unwanted)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters };
            using var text = new StreamReader(new MemoryStream(packet), Encoding.UTF8);
            // Packets are often padded with zero bytes, which are no XML.
            using var reader = XmlReader.Create(new StringReader(text.ReadToEnd().Trim('\0', '\uFEFF', ' ', '\n', '\r')), settings);
            var document = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
            document.Descendants().Where(element => unwanted(element.Name)).Remove();
            document.Descendants().Attributes().Where(attribute => unwanted(attribute.Name)).Remove();
            return Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));
        }
        catch (XmlException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Hypir.Imaging.Metadata;

/// <summary>XMP packets (ISO 16684-1): an RDF document in UTF-8 in which a property is an attribute or an element.</summary>
internal static class XmpPacket
{
    // Real packets nest about ten elements; deep nesting and masses of attributes take quadratic time.
    private const int MostCharacters = 16 << 20, MostDepth = 100, MostAttributes = 2000;

    private const string Tiff = "http://ns.adobe.com/tiff/1.0/",
        Exif = "http://ns.adobe.com/exif/1.0/",
        Xmp = "http://ns.adobe.com/xap/1.0/",
        Photoshop = "http://ns.adobe.com/photoshop/1.0/";

    private static readonly XName OrientationName = XName.Get("Orientation", Tiff);

    private static readonly HashSet<XName> OldPixels =
    [
        OrientationName, XName.Get("ImageWidth", Tiff), XName.Get("ImageLength", Tiff), XName.Get("BitsPerSample", Tiff),
        XName.Get("PixelXDimension", Exif), XName.Get("PixelYDimension", Exif), XName.Get("ColorSpace", Exif),
        XName.Get("Thumbnails", Xmp), XName.Get("ICCProfile", Photoshop),
    ];

    /// <summary>The packet without properties that describe the old pixels; null if it is not XML.</summary>
    internal static byte[]? WithoutOldPixels(byte[] packet) => Without(packet, OldPixels.Contains);

    /// <summary>The packet without properties that name a place, in any maker's namespace; null if it is not XML.</summary>
    internal static byte[]? WithoutLocation(byte[] packet) => Without(packet, XmpPlaces.IsPlace);

    /// <summary>The orientation of the stored image according to the packet, 1 to 8; null if it does not say.</summary>
    internal static int? Orientation(byte[] packet)
    {
        if (Parse(packet) is not { } document)
            return null;
        string? value = document
            .Descendants(OrientationName)
            .Select(element => element.Value)
            .Concat(document.Descendants().Attributes(OrientationName).Select(attribute => attribute.Value))
            .FirstOrDefault();
        return int.TryParse(value?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int turn) && turn is >= 1 and <= 8
            ? turn
            : null;
    }

    private static byte[]? Without(byte[] packet, Predicate<XName> unwanted)
    {
        if (Parse(packet) is not { } document)
            return null;
        document.Descendants().Where(element => unwanted(element.Name)).Remove();
        document.Descendants().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && unwanted(attribute.Name)).Remove();
        return Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));
    }

    private static XDocument? Parse(byte[] packet)
    {
        try
        {
            using var text = new StreamReader(new MemoryStream(packet), Encoding.UTF8);
            // Packets are often padded with zero bytes, which are not valid XML.
            string xml = text.ReadToEnd().Trim('\0', '\uFEFF', ' ', '\n', '\r');
            if (!IsReasonable(xml))
                return null;
            using var reader = Open(xml);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static bool IsReasonable(string xml)
    {
        using var reader = Open(xml);
        while (reader.Read())
        {
            if (reader.Depth > MostDepth || reader.AttributeCount > MostAttributes)
                return false;
        }
        return true;
    }

    private static XmlReader Open(string xml) => XmlReader.Create(new StringReader(xml),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters });
}

/// <summary>
/// Recognizes XMP properties that reveal where an image was taken. Each maker of drones and phones uses its own namespace, so the property
/// names decide, in every namespace except RDF's.
/// </summary>
internal static class XmpPlaces
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Geo = "http://www.w3.org/2003/01/geo/wgs84_pos#";

    // "Longtitude" is the spelling in one maker's drones.
    private static readonly string[] Words =
    [
        "gps", "latitude", "longitude", "longtitude", "altitude", "location", "coordinate", "geotag", "geopoint", "geohash", "geolocation",
        "placename", "postalcode", "streetaddress",
    ];

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "City",
        "State",
        "Province",
        "ProvinceState",
        "StateProvince",
        "Country",
        "CountryCode",
        "CountryName",
        "WorldRegion",
        "Sublocation",
        "Coverage",
        "Place",
        "Places",
        "Address",
        "Venue",
        "Landmark",
        "Lat",
        "Lon",
        "Lng",
        // The photographer's address.
        "CiAdrExtadr", "CiAdrCity", "CiAdrRegion", "CiAdrPcode", "CiAdrCtry",
    };

    /// <summary>Whether a property of this name reveals a place.</summary>
    internal static bool IsPlace(XName name) => name.NamespaceName switch
    {
        Rdf => false,
        Geo => true,
        _ => Names.Contains(name.LocalName) || Words.Any(word => name.LocalName.Contains(word, StringComparison.OrdinalIgnoreCase)),
    };
}

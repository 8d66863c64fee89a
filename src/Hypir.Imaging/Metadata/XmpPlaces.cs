using System.Xml.Linq;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// Tells which XMP properties say where a picture was taken. Each maker of drones and phones has a namespace of its own, so their words decide, in
/// every namespace but RDF's.
/// </summary>
internal static class XmpPlaces
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Geo = "http://www.w3.org/2003/01/geo/wgs84_pos#";

    // "Longtitude" is how the drones of one maker spell it.
    private static readonly string[] Words =
        ["gps", "latitude", "longitude", "longtitude", "altitude", "location", "coordinate", "geotag", "geopoint", "geohash", "geolocation", "placename", "postalcode", "streetaddress"];

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "City", "State", "Province", "ProvinceState", "StateProvince", "Country", "CountryCode", "CountryName", "WorldRegion", "Sublocation",
        "Coverage", "Place", "Places", "Address", "Venue", "Landmark", "Lat", "Lon", "Lng",
        // The photographer's address.
        "CiAdrExtadr", "CiAdrCity", "CiAdrRegion", "CiAdrPcode", "CiAdrCtry",
    };

    /// <summary>Whether a property of this name says a place.</summary>
    internal static bool IsPlace(XName name) => name.NamespaceName switch
    {
        Rdf => false,
        Geo => true,
        _ => Names.Contains(name.LocalName) || Words.Any(word => name.LocalName.Contains(word, StringComparison.OrdinalIgnoreCase)),
    };
}

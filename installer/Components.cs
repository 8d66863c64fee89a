#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property PublishAot=false
#:property UsesTorch=false

// What is shipped and is not this project's: Components.cs VERSION OUTPUT-FOLDER FILE.deps.json … writes sbom.cdx.json (CycloneDX 1.6)
// and THIRD-PARTY-NOTICES.txt from the metadata of the packages in NuGet's folder. A package that does not state its license is an error:
// somebody has to look.
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

string version = args[0], output = args[1];
string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
// It comes from its redistributable, not from a package.
bool hasRuntime = File.Exists(Path.Combine(output, "vcruntime140_1.dll"));
var shipped = new SortedDictionary<string, Package>(StringComparer.OrdinalIgnoreCase);
foreach (string file in args[2..])
{
    using var deps = JsonDocument.Parse(File.ReadAllText(file));
    foreach (var library in deps.RootElement.GetProperty("libraries").EnumerateObject())
    {
        if (library.Value.GetProperty("type").GetString() is not ("package" or "runtimepack"))
            continue;
        string[] parts = library.Name.Split('/');
        var package = Package.Read(packages, parts[0].Replace("runtimepack.", "", StringComparison.Ordinal), parts[1]);
        shipped[$"{package.Id}/{package.Version}"] = package;
    }
}

var unclear = shipped.Values.Where(package => package.License is null && package.Text is null).ToArray();
if (unclear.Length > 0)
{
    Console.Error.WriteLine($"These packages do not state their license: {string.Join(", ", unclear.Select(package => package.Id))}");
    return 1;
}

File.WriteAllText(Path.Combine(output, "THIRD-PARTY-NOTICES.txt"), Notices());
var readable = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
File.WriteAllText(Path.Combine(output, "sbom.cdx.json"), Sbom().ToJsonString(readable) + "\n");
Console.WriteLine($"{shipped.Count} packages");
return 0;

string Notices()
{
    var text = new StringBuilder(
        $"Hypir {version} contains these parts of others. Each is under its own license; texts that came with a part follow it.\n");
    foreach (var package in shipped.Values)
    {
        text.Append($"\n{new string('=', 100)}\n{package.Id} {package.Version}\n");
        string? license = package.License is null ? null : $"License: {package.License}";
        foreach (string? line in (string?[])[package.Copyright, license, package.Address])
        {
            if (line is { Length: > 0 })
                text.Append(line).Append('\n');
        }

        if (package.Text is { } own)
            text.Append('\n').Append(own.ReplaceLineEndings("\n").Trim()).Append('\n');
    }

    if (hasRuntime)
    {
        text.Append($"\n{new string('=', 100)}\nMicrosoft Visual C++ runtime (msvcp140*.dll, vcruntime140*.dll)\n")
            .Append("Copyright (c) Microsoft Corporation. All rights reserved.\n")
            .Append("License: distributable code of Microsoft Visual Studio, passed on unchanged under the Microsoft Software License ")
            .Append("Terms: https://visualstudio.microsoft.com/license-terms/\n");
    }

    return text.ToString();
}

JsonObject Sbom() => new()
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["serialNumber"] = $"urn:uuid:{SerialNumber()}",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject
        {
            ["type"] = "application",
            ["bom-ref"] = "hypir",
            ["name"] = "Hypir",
            ["version"] = version,
            ["licenses"] = Licenses("MIT"),
        },
    },
    ["components"] = new JsonArray([.. RuntimeComponents(), .. shipped.Values.Select(package => new JsonObject
    {
        ["type"] = "library",
        ["bom-ref"] = package.Url,
        ["name"] = package.Id,
        ["version"] = package.Version,
        ["hashes"] = package.Sha512 is null ? null : new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = package.Sha512 }),
        ["licenses"] = Licenses(package.License ?? "see THIRD-PARTY-NOTICES.txt"),
        ["purl"] = package.Url,
    })]),
    ["dependencies"] = new JsonArray(new JsonObject
    {
        ["ref"] = "hypir",
        ["dependsOn"] = new JsonArray([.. shipped.Values.Select(package => JsonValue.Create(package.Url))]),
    }),
};

// The same parts of the same version have the same number.
Guid SerialNumber() => new(SHA256.HashData(Encoding.UTF8.GetBytes(version + string.Join('\n', shipped.Keys))).AsSpan(0, 16));

IEnumerable<JsonNode> RuntimeComponents() => hasRuntime
    ?
    [
        new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = "visual-cpp-runtime",
            ["name"] = "Microsoft Visual C++ runtime",
            ["licenses"] = Licenses("Microsoft Software License Terms"),
        },
    ]
    : [];

// An identifier or expression of SPDX is one; anything else is a name.
static JsonArray Licenses(string license) => new(IsName(license)
    ? new JsonObject { ["license"] = new JsonObject { ["name"] = license } }
    : new JsonObject { ["expression"] = license });

static bool IsName(string license) =>
    license.Contains("://") || license.Contains(' ') && !((string[])[" OR ", " AND ", " WITH "]).Any(license.Contains);

internal sealed record Package(string Id, string Version, string? License, string? Copyright, string? Address, string? Text, string? Sha512)
{
    public string Url => $"pkg:nuget/{Id}@{Version}";

    public static Package Read(string packages, string id, string version)
    {
        string folder = Path.Combine(packages, id.ToLowerInvariant(), version.ToLowerInvariant());
        var metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single();
        string? Get(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
        var license = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        string? type = license?.Attribute("type")?.Value, value = license?.Value.Trim();
        string? expression = type == "expression" ? value
            : Get("licenseUrl") is { } url && !url.Contains("aka.ms/deprecateLicenseUrl") ? url : null;
        var named = type == "file" ? [Path.Combine(folder, value!.Replace('\\', Path.DirectorySeparatorChar))] : Array.Empty<string>();
        var texts = Directory.GetFiles(folder).Where(file => IsNotice(Path.GetFileName(file))).Concat(named)
            .Where(File.Exists).Distinct().Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        string? hash = Directory.GetFiles(folder, "*.nupkg.sha512").FirstOrDefault();
        return new(
            metadata.Elements().First(element => element.Name.LocalName == "id").Value, version, expression,
            Get("copyright") ?? Get("authors"), Get("projectUrl"), texts.Length > 0 ? string.Join("\n\n", texts) : null,
            hash is null ? null : Convert.ToHexStringLower(Convert.FromBase64String(File.ReadAllText(hash).Trim())));
    }

    private static bool IsNotice(string name) =>
        ((string[])["LICEN", "NOTICE", "THIRD", "COPYING"]).Any(word => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        && !name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
}

#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property PublishAot=false
#:property UsesTorch=false

// The MSI's table of files: Files.cs SCOPE PROGRAM-FOLDER OUTPUT.wxs writes a component for each file of the published program, in the
// feature that it belongs to. PROGRAM-FOLDER.trainer, where it exists, lists what only the trainer needs. Sources are relative to the
// output's folder. SCOPE is user or machine: the two installers share no component.
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

string scope = args[0], program = Path.GetFullPath(args[1]), output = Path.GetFullPath(args[2]);
XNamespace wix = "http://schemas.microsoft.com/wix/2006/wi";
HashSet<string> trainer = File.Exists(program + ".trainer") ? [.. File.ReadAllLines(program + ".trainer")] : [];
string source = Path.GetRelativePath(Path.GetDirectoryName(output)!, program).Replace('\\', '/');
var groups = new Dictionary<string, List<XElement>> { ["EngineFiles"] = [], ["PluginFiles"] = [], ["TrainerFiles"] = [] };

XElement root = new(wix + "DirectoryRef", new XAttribute("Id", "INSTALLDIR"));
Fill(root, program, ".");
new XDocument(
    new XElement(
        wix + "Wix",
        new XElement(wix + "Fragment", root),
        groups.Select(group => new XElement(
            wix + "Fragment", new XElement(wix + "ComponentGroup", new XAttribute("Id", group.Key), group.Value))))).Save(output);
return 0;

void Fill(XElement parent, string folder, string path)
{
    foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
    {
        string here = $"{path}/{Path.GetFileName(file)}", id = Identifier(here);
        parent.Add(new XElement(
            wix + "Component", new XAttribute("Id", "c" + id), new XAttribute("Guid", StableGuid(scope + here)),
            new XAttribute("Win64", "yes"),
            new XElement(
                wix + "File", new XAttribute("Id", FileId(here, id)), new XAttribute("Source", $"{source}/{here[2..]}"),
                new XAttribute("Name", Path.GetFileName(file)), new XAttribute("KeyPath", "yes"))));
        groups[Feature(here)].Add(new XElement(wix + "ComponentRef", new XAttribute("Id", "c" + id)));
    }

    foreach (string child in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
    {
        string here = $"{path}/{Path.GetFileName(child)}";
        var directory = new XElement(
            wix + "Directory", new XAttribute("Id", "d" + Identifier(here)), new XAttribute("Name", Path.GetFileName(child)));
        Fill(directory, child, here);
        parent.Add(directory);
    }
}

string Feature(string path) =>
    path.StartsWith("./plugin/", StringComparison.Ordinal) ? "PluginFiles" : trainer.Contains(path) ? "TrainerFiles" : "EngineFiles";

// Hypir.wxs calls these two by name.
static string FileId(string path, string id) => path switch
{
    "./hypir.exe" => "hypir.exe",
    "./remove-data.cmd" => "remove_data.cmd",
    _ => "f" + id,
};

// Names, not secrets; another hash would give every installed component a new identity.
#pragma warning disable CA5350
static string Hash(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

static string Identifier(string path) => Hash(path)[..16];

// The same for the same text: what MSI knows a component by must not change from build to build. Version 5 of RFC 9562 in form.
static string StableGuid(string text)
{
    string hash = Hash("hypir/" + text);
    return $"{hash[..8]}-{hash[8..12]}-5{hash[13..16]}-a{hash[17..20]}-{hash[20..32]}";
}

using System.Xml.Linq;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>The layers of docs/architecture.md, as the project files state them.</summary>
[TestClass]
public sealed class LayerTests
{
    /// <summary>What a project may reference: the layers below it. Reaching through a reference is allowed, pointing up is not.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Hypir.Core"] = [],
        ["Hypir.Imaging"] = ["Hypir.Core"],
        ["Hypir.Planning"] = ["Hypir.Core"],
        ["Hypir.Onnx"] = ["Hypir.Core", "Hypir.Planning"],
        ["Hypir.Networks"] = ["Hypir.Core", "Hypir.Planning"],
        ["Hypir.Restoration"] = ["Hypir.Core", "Hypir.Imaging", "Hypir.Networks", "Hypir.Onnx", "Hypir.Planning"],
        ["Hypir.Models"] = ["Hypir.Networks"],
        ["Hypir.Protocol"] = ["Hypir.Core"],
        ["Hypir.Server"] = ["Hypir.Models", "Hypir.Protocol", "Hypir.Restoration"],
        ["Hypir.Ui"] = ["Hypir.Imaging", "Hypir.Protocol"],
        ["Hypir.CommandLine"] = ["Hypir.Core"],
        ["Hypir.Engine"] = ["Hypir.CommandLine", "Hypir.Server", "Hypir.Ui"],
        ["Hypir.Training"] = ["Hypir.Models", "Hypir.Networks", "Hypir.Restoration"],
        ["Hypir.TrainTool"] = ["Hypir.CommandLine", "Hypir.Training"],
        ["Hypir.PdnEffect.ViewModel"] = ["Hypir.Protocol"],
        ["Hypir.PdnEffect"] = ["Hypir.PdnEffect.ViewModel"],
    };

    [TestMethod]
    public void Projects_reference_only_the_layers_below_them()
    {
        var projects = Projects().ToDictionary(file => Path.GetFileNameWithoutExtension(file), XDocument.Load);
        CollectionAssert.AreEquivalent(Allowed.Keys, projects.Keys, "A project has no entry in the table, or an entry has no project.");
        foreach (var (name, project) in projects)
        {
            string[] references = [.. Included(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).OfType<string>()
                .Where(reference => !reference.StartsWith('%') && !reference.StartsWith('@'))];
            string[] forbidden = [.. references.Except(Allowed[name])];
            Assert.IsEmpty(forbidden, $"{name} must not reference {string.Join(", ", forbidden)}.");
        }
    }

    [TestMethod]
    public void The_bottom_layer_has_no_packages()
    {
        string core = Projects().Single(file => Path.GetFileNameWithoutExtension(file) == "Hypir.Core");
        Assert.IsEmpty(Included(XDocument.Load(core), "PackageReference"));
    }

    /// <summary>Planning is separate from computing: it references neither torch nor a project that does.</summary>
    [TestMethod]
    public void Planning_cannot_see_torch()
    {
        string planning = Projects().Single(file => Path.GetFileNameWithoutExtension(file) == "Hypir.Planning");
        XDocument project = XDocument.Load(planning);
        Assert.IsEmpty(project.Descendants("UsesTorch"));
        Assert.IsEmpty(Included(project, "PackageReference"));
        CollectionAssert.AreEqual(new[] { "Hypir.Core" },
            Included(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).ToArray());
    }

    [TestMethod]
    public void No_source_is_compiled_into_two_projects()
    {
        foreach (string file in Projects())
            Assert.IsEmpty(
                Included(XDocument.Load(file), "Compile").Where(source => source.Contains("..", StringComparison.Ordinal)), file);
    }

    private static string[] Projects() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "Hypir.*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => (string?)element.Attribute("Include") ?? "");
}

using System.Text.Json.Nodes;
using Hypir.Testing;

namespace Hypir.Models.Tests.Support;

/// <summary>Copies of the small golden model, changed as a test needs it.</summary>
internal static class ModelCopy
{
    /// <summary>Copies the small model into a folder.</summary>
    public static string Make(TemporaryFolder folder, string name = "tiny")
    {
        string from = Goldens.Require("tiny-sd2"), to = Path.Combine(folder.Path, name);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }

    /// <summary>Changes a configuration file of a copy.</summary>
    public static void Change(string model, string file, Action<JsonObject> change)
    {
        string path = Path.Combine(model, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}

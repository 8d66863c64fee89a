using Hypir.Networks;
using Hypir.Protocol;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Serving;

/// <summary>
/// The models and LoRA files that requests can name: the models beside the program, and those in the folders <c>models</c> and <c>loras</c> of the
/// program's own folder. A name is looked up in the folder's listing, so that it can never lead elsewhere.
/// </summary>
/// <param name="home">The program's own folder.</param>
internal sealed class ModelStore(string home)
{
    private static readonly string[] FileEndings = [".safetensors", ".pth", ".ckpt", ".bin"];

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "models");

    private string Models => Path.Combine(home, "models");

    private string Loras => Path.Combine(home, "loras");

    /// <summary>Everything that can be named; the models that ship come first.</summary>
    public ModelList List() => new(
        [.. Entries(Shipped).Concat(Entries(Models)).DistinctBy(Path.GetFileName).Select(Describe)],
        [.. Files(Loras).Select(file => Path.GetFileName(file)!)]);

    /// <summary>A model's folder or file.</summary>
    /// <exception cref="EngineException">There is none of this name.</exception>
    public string PathOf(string model) => Named(Entries(Shipped).Concat(Entries(Models)), model)
        ?? throw new EngineException(EngineError.UnknownModel, $"There is no model \"{model}\".", new($"Put its folder into {Models}, or choose another model."));

    /// <summary>A LoRA file.</summary>
    /// <exception cref="EngineException">There is none of this name.</exception>
    public string? PathOfLora(string? lora) => lora is null ? null : Named(Files(Loras), lora)
        ?? throw new EngineException(EngineError.UnknownModel, $"There is no LoRA file \"{lora}\".", new($"Put it into {Loras}, or choose another one."));

    /// <summary>What tells that files have changed: names, sizes, times.</summary>
    public static string Stamp(string path)
    {
        IEnumerable<FileInfo> files = File.Exists(path) ? [new(path)] : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories);
        return string.Join('\n', files.OrderBy(file => file.FullName, StringComparer.Ordinal).Select(file => $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
    }

    private static ModelEntry Describe(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            var facts = ModelFacts.Read(ModelFolder.Open(path));
            return new() { Name = name, Title = facts.Name, ReadsPrompts = facts.ReadsPrompts, Tile = facts.TileOf(new()) };
        }
        catch (Exception failure) when (failure is HypirException or IOException or UnauthorizedAccessException)
        {
            return new() { Name = name, Title = name, Problem = failure.Message };
        }
    }

    private static string? Named(IEnumerable<string> paths, string name) => paths.FirstOrDefault(path => Path.GetFileName(path) == name);

    private static IEnumerable<string> Entries(string folder) => Directory.Exists(folder)
        ? Directory.GetDirectories(folder).Concat(Files(folder)).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder).Where(file => FileEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal) : [];
}

using System.CommandLine;
using Hypir.Models;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary>Shared parts of the model commands.</summary>
internal static class StoreCommand
{
    /// <summary>Gives a command its options, action and help.</summary>
    /// <param name="command">The command, with its arguments.</param>
    /// <param name="usage">The usage line.</param>
    /// <param name="closing">The end of its help.</param>
    /// <param name="symbols">The common options.</param>
    /// <param name="own">Its own options.</param>
    /// <param name="pages">The help pages; this one is added.</param>
    /// <param name="run">Runs the command.</param>
    public static Command Finish(
        Command command,
        string usage,
        string closing,
        StoreSymbols symbols,
        Option[] own,
        List<HelpPage> pages,
        Func<ParseResult, Interruption, Task<ExitCode>> run
    ) => PlainCommand.Finish(command, usage, closing, symbols.Verbose, symbols.All, own, pages, run);

    /// <summary>The argument that names a model.</summary>
    public static Argument<string?> Name(CheckedCommand command, bool needed = true)
    {
        var name = new Argument<string?>("name")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "NAME",
            Description = "A model's name, as `hypir models list` shows it.",
        };
        command.Add(name);
        if (needed)
            command.Refuse(line => line.GetValue(name) is null, "Name the model.");

        return name;
    }
}

/// <summary>The options shared by all model commands.</summary>
internal sealed class StoreSymbols
{
    private readonly Option<string?> _store = Options.Text(
        "--store", "FOLDER", "Folder for models (default: models in HYPIR_HOME or local application data).");
    private readonly Option<string?> _manifest = Options.Text("--manifest", "FILE", "A list (YAML) of additional models.");

    /// <summary>Shows stack traces with errors.</summary>
    public Option<bool> Verbose { get; } = Options.Verbose();

    /// <summary>All shared options.</summary>
    public IReadOnlyList<Option> All => [_store, _manifest, Verbose];

    /// <summary>The store.</summary>
    public ModelStore Store(ParseResult line) => new(line.GetValue(_store) ?? ModelHome.Default.Models);

    /// <summary>The available models.</summary>
    /// <exception cref="Hypir.Models.StoreException">A list is invalid.</exception>
    public Manifest Manifest(ParseResult line)
    {
        var manifest = Hypir.Models.Manifests.Manifest.Load([ModelHome.Default.Manifest], optional: true);
        return line.GetValue(_manifest) is { } more ? ManifestReader.Read(more, manifest) : manifest;
    }
}

/// <summary>Resolves the model that the user named.</summary>
internal static class ModelChoice
{
    /// <summary>Finds a model.</summary>
    /// <param name="model">A path or a name; null for the model that comes with the program.</param>
    /// <exception cref="StoreException">Neither a path nor a model has this name, or the model is incomplete.</exception>
    public static ResolvedModel Of(string? model) => model is null
        ? ModelHome.Default.Named(Defaults.Model, AppContext.BaseDirectory)
        : ModelHome.Default.Choose(model, AppContext.BaseDirectory);

    /// <summary>The name by which an engine of the same store knows a model; null for a path.</summary>
    /// <param name="model">A path or a name; null for the model that comes with the program.</param>
    public static string? NameOf(string? model) => model is null or Defaults.AutomaticModel ? Defaults.Model
        : File.Exists(model) || Directory.Exists(model) ? null : model;
}

/// <summary><c>hypir models remove</c>.</summary>
internal static class RemoveCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("remove", "Remove a model. Its files in the store are deleted; linked files stay.");
        var name = StoreCommand.Name(command);
        return StoreCommand.Finish(command, "hypir models remove NAME [options]", "", symbols, [], pages, async (line, interruption) =>
        {
            string model = line.GetValue(name)!;
            var removed = await symbols.Store(line).RemoveAsync(model, interruption.Token).ConfigureAwait(false);
            Console.WriteLine(removed is { Linked: true } ? $"{model} is unlinked; {removed.Path} stays." : $"{model} is removed.");
            return ExitCode.Success;
        });
    }
}

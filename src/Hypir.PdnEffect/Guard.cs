using System.Diagnostics.CodeAnalysis;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Running;
using PaintDotNet;

namespace Hypir.PdnEffect;

/// <summary>
/// Runs what a person asks the window for. An exception that leaves a handler ends the editor, and the images that are open in it: here
/// it becomes a message of the dialog. Every handler of an event runs through it.
/// </summary>
/// <param name="model">The dialog.</param>
[SuppressMessage("Design", "CA1031", Justification = "Whatever fails, the editor must go on.")]
internal sealed class Guard(RestoreViewModel model)
{
    /// <summary>Runs something on the dialog's thread.</summary>
    public void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            Report(failure);
        }
    }

    /// <summary>Starts something that goes on on the dialog's thread.</summary>
    public async void Run(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception failure)
        {
            Report(failure);
        }
    }

    private void Report(Exception failure)
    {
        try
        {
            model.Report(failure);
        }
        catch (Exception)
        {
            // Showing it failed, too: there is nothing left to say it with.
        }
    }
}

/// <summary>What the editor tells of the plug-in.</summary>
public sealed class SupportInfo : IPluginSupportInfo
{
    /// <inheritdoc/>
    public string? Author => "The Hypir authors";

    /// <inheritdoc/>
    public string? Copyright => "Copyright (c) the Hypir authors";

    /// <inheritdoc/>
    public string? DisplayName => "Hypir restoration";

    /// <inheritdoc/>
    public Version? Version => typeof(SupportInfo).Assembly.GetName().Version;

    /// <inheritdoc/>
    public Uri? WebsiteUri => null;
}

/// <summary>Finds the engine from where the effect lies.</summary>
internal static class EngineFinder
{
    public static EngineAccess Find() => EngineAccess.Find(Path.GetDirectoryName(typeof(EngineFinder).Assembly.Location) ?? "");
}

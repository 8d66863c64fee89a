using System.Diagnostics.CodeAnalysis;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Running;
using PaintDotNet;

namespace Hypir.PdnEffect;

/// <summary>
/// Runs event handlers and shows their exceptions in the dialog. An unhandled exception would end the editor and lose its open images, so
/// every event handler runs through this class.
/// </summary>
/// <param name="model">The dialog.</param>
[SuppressMessage("Design", "CA1031", Justification = "The editor must survive every failure.")]
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

    /// <summary>Starts an asynchronous action on the dialog's thread.</summary>
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
            // Showing the failure failed too: there is no other way to report it.
        }
    }
}

/// <summary>The plug-in's information for the editor.</summary>
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

/// <summary>Finds the engine, starting from the effect's folder.</summary>
internal static class EngineFinder
{
    public static EngineAccess Find() => EngineAccess.Find(Path.GetDirectoryName(typeof(EngineFinder).Assembly.Location) ?? "");
}

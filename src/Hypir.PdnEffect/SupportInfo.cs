using PaintDotNet;

namespace Hypir.PdnEffect;

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

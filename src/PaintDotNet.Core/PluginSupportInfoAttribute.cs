namespace PaintDotNet;

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = false, Inherited = false)]
public class PluginSupportInfoAttribute : Attribute, IPluginSupportInfo
{
    private readonly IPluginSupportInfo? _info;

    public PluginSupportInfoAttribute()
    {
    }

    public PluginSupportInfoAttribute(Type pluginSupportInfoOrProviderType) =>
        _info = (IPluginSupportInfo)Activator.CreateInstance(pluginSupportInfoOrProviderType)!;

    string? IPluginSupportInfo.Author => _info?.Author;

    string? IPluginSupportInfo.Copyright => _info?.Copyright;

    string? IPluginSupportInfo.DisplayName => _info?.DisplayName;

    Version? IPluginSupportInfo.Version => _info?.Version;

    Uri? IPluginSupportInfo.WebsiteUri => _info?.WebsiteUri;
}

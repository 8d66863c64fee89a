using System.Reflection;
using System.Runtime.Loader;

namespace Hypir.PdnHost.Host;

/// <summary>
/// A plug-in's own load context (H2, paintdotnet.md:16-18): Paint.NET's and the system's assemblies are the host's, everything else comes
/// from the plug-in's folder by its .deps.json.
/// </summary>
internal sealed class PluginContext(string assembly) : AssemblyLoadContext("plug-in")
{
    private readonly AssemblyDependencyResolver _resolver = new(assembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name!.StartsWith("PaintDotNet.", StringComparison.Ordinal))
            return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}

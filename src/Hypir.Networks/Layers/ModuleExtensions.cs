using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Registration in one expression, so that a constructor reads like the list of names in the checkpoint.</summary>
internal static class ModuleExtensions
{
    public static T Child<T>(this nn.Module parent, string name, T child)
        where T : nn.Module
    {
        parent.register_module(name, child);
        return child;
    }

    /// <summary>Children "name.0", "name.1" …</summary>
    public static T[] Children<T>(this nn.Module parent, string name, IEnumerable<T> children)
        where T : nn.Module
    {
        T[] all = [.. children];
        parent.register_module(name, new ModuleList<T>(all));
        return all;
    }

    public static Parameter Own(this nn.Module module, string name, Parameter parameter)
    {
        module.register_parameter(name, parameter);
        return parameter;
    }

    public static Tensor OwnBuffer(this nn.Module module, string name, Tensor buffer)
    {
        module.register_buffer(name, buffer);
        return buffer;
    }
}

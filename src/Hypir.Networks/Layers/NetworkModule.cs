using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>A level in the tree of names without computation of its own: "net" with children "0" and "2".</summary>
internal sealed class ModuleGroup(string name) : NetworkModule(name);

/// <summary>
/// Base of modules that register their own parts by name. (By default TorchSharp registers every field a second time under the field's
/// name.)
/// </summary>
public abstract class NetworkModule : nn.Module
{
    private protected NetworkModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected sealed override void RegisterComponents()
    {
    }
}

/// <inheritdoc cref="NetworkModule"/>
/// <typeparam name="T">Type of the input.</typeparam>
/// <typeparam name="TResult">Type of the result.</typeparam>
public abstract class NetworkModule<T, TResult> : nn.Module<T, TResult>
{
    private protected NetworkModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected sealed override void RegisterComponents()
    {
    }
}

/// <inheritdoc cref="NetworkModule"/>
/// <typeparam name="T1">Type of the first input.</typeparam>
/// <typeparam name="T2">Type of the second input.</typeparam>
/// <typeparam name="TResult">Type of the result.</typeparam>
public abstract class NetworkModule<T1, T2, TResult> : nn.Module<T1, T2, TResult>
{
    private protected NetworkModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected sealed override void RegisterComponents()
    {
    }
}

/// <summary>Registration in one expression, so that a constructor reads like the checkpoint's list of names.</summary>
internal static class ModuleExtensions
{
    public static T Child<T>(this nn.Module parent, string name, T child)
        where T : nn.Module
    {
        parent.register_module(name, child);
        return child;
    }

    /// <summary>Adds children "name.0", "name.1" …</summary>
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

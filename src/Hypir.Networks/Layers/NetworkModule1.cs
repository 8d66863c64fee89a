using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

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

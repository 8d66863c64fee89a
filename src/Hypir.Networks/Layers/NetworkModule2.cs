using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

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

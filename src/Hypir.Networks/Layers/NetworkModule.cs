using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Base of modules that register their parts by name themselves. (By default TorchSharp registers every field a second time under the field's name.)
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

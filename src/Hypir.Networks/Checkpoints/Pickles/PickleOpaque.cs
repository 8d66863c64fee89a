namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A value that weights do not need: a set, a number of numpy, a class of a training program. Nothing of it is kept.</summary>
internal sealed class PickleOpaque
{
    private PickleOpaque()
    {
    }

    public static PickleOpaque Instance { get; } = new();
}

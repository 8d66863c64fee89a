using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>An image that goes through steps: the one before a step is given back when the next is there, so that no file stays open.</summary>
internal sealed class ImageChain(Image start) : IDisposable
{
    /// <summary>The image after the last step.</summary>
    internal Image Current { get; private set; } = start;

    /// <summary>Takes a step.</summary>
    internal void Then(Func<Image, Image> step)
    {
        var next = step(Current);
        Current.Dispose();
        Current = next;
    }

    /// <inheritdoc/>
    public void Dispose() => Current.Dispose();
}

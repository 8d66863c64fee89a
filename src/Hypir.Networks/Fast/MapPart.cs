using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Some channels of a <see cref="FastMap"/>.</summary>
/// <param name="Values">(B, H, W, C), contiguous.</param>
/// <param name="Moments">Of each picture, or null where they are not known.</param>
/// <param name="Lease">Gives its memory back, or null where it is the tensor's own.</param>
internal sealed record MapPart(Tensor Values, IReadOnlyList<ChannelMoments>? Moments, IDisposable? Lease) : IDisposable
{
    /// <summary>C.</summary>
    public int Channels => (int)Values.shape[3];

    /// <summary>The moments of a picture, counted where they are not known.</summary>
    public unsafe ChannelMoments MomentsOf<T>(int picture)
        where T : unmanaged
    {
        if (Moments is not null)
            return Moments[picture];
        int positions = (int)(Values.shape[1] * Values.shape[2]);
        return ChannelMoments.Of(TensorMemory.Pointer<T>(Values) + (long)picture * positions * Channels, positions, Channels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Lease?.Dispose();
    }
}

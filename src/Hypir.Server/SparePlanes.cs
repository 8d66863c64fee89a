

using Hypir.Imaging;

namespace Hypir.Server;

/// <summary>
/// The memory of a job's input, for the next job of the same size, as a person who tries settings sends it: fresh memory costs more time than the pixels.
/// The runtime takes it back whenever it collects; so it is never held against anybody.
/// </summary>
internal sealed class SparePlanes
{
    private WeakReference<byte[]>? _rgb, _alpha;

    /// <summary>Memory for colours and for alpha; what it holds is old.</summary>
    public (byte[] Rgb, byte[] Alpha) Take(int rgb, int alpha)
    {
        var taken = (Take(_rgb, rgb), Take(_alpha, alpha));
        (_rgb, _alpha) = (null, null);
        return taken;
    }

    /// <summary>Takes over the memory of a picture that nobody uses any more.</summary>
    public void Keep(RasterImage picture) => (_rgb, _alpha) = (new(picture.Rgb), picture.Alpha is null ? null : new(picture.Alpha));

    private static byte[] Take(WeakReference<byte[]>? spare, int length) =>
        spare is not null && spare.TryGetTarget(out byte[]? bytes) && bytes.Length == length ? bytes : GC.AllocateUninitializedArray<byte>(length);
}

using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Driving;

/// <summary>Assertions.</summary>
internal static class Check
{
    public static void That(bool so, string otherwise)
    {
        if (!so)
            throw new InvalidOperationException(otherwise);
    }

    /// <summary>Images are equal in each byte, and something happened where something should have.</summary>
    public static void Same(RasterImage expected, RasterImage actual, string what)
    {
        int differing = 0, most = 0, first = -1;
        for (int i = 0; i < expected.Bytes.Length; i++)
        {
            int difference = Math.Abs(expected.Bytes[i] - actual.Bytes[i]);
            if (difference == 0)
                continue;
            first = first < 0 ? i : first;
            (differing, most) = (differing + 1, Math.Max(most, difference));
        }
        That(
            differing == 0,
            $"{what}: {differing} bytes differ, by {most} at most, the first at pixel {first / 4 % expected.Width}, "
                + $"{first / 4 / expected.Width}."
        );
    }

    public static void Changed(RasterImage before, RasterImage after, string what) =>
        That(!before.Bytes.SequenceEqual(after.Bytes), $"{what}: nothing changed.");
}

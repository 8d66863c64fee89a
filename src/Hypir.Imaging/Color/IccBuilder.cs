using System.Buffers.Binary;
using System.Text;

namespace Hypir.Imaging.Color;

/// <summary>Writes version 4 ICC profiles (ICC.1:2022) with a matrix and a parametric curve.</summary>
internal static class IccBuilder
{
    private const int HeaderSize = 128, TagSize = 12;

    private static readonly double[] D50 = [0.9642, 1, 0.8249];

    // Bradford: cone responses from XYZ (ICC.1:2022, annex E).
    private static readonly double[,] Cones = { { 0.8951, 0.2664, -0.1614 }, { -0.7502, 1.7135, 0.0367 }, { 0.0389, -0.0685, 1.0296 } };

    /// <summary>A display profile of an RGB space; null if its primaries are degenerate.</summary>
    internal static byte[]? Build(RgbSpace space)
    {
        double[] white = Light(space.White);
        if (Inverse(Columns(Light(space.Red), Light(space.Green), Light(space.Blue))) is not { } inverse || !white.All(double.IsFinite))
            return null;
        double[] scale = Times(inverse, white);
        double[,] adaptation = Adaptation(white);
        double[] red = Colorant(space.Red, scale[0]), green = Colorant(space.Green, scale[1]), blue = Colorant(space.Blue, scale[2]);
        // The s15Fixed16 format ends at 32,768.
        if (red.Concat(green).Concat(blue).Any(part => !double.IsFinite(part) || Math.Abs(part) > 100))
            return null;
        byte[] curve = Curve(space.Curve),
            name = Text(space.Name);
        return Write(
            "RGB ",
            [
                ("desc", name), ("cprt", Text("Public domain")), ("wtpt", Xyz(D50)), ("chad", Matrix(adaptation)), ("rXYZ", Xyz(red)),
                ("gXYZ", Xyz(green)), ("bXYZ", Xyz(blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
            ]
        );

        double[] Colorant(Chromaticity primary, double factor) => Times(adaptation, [.. Light(primary).Select(part => part * factor)]);
    }

    /// <summary>A profile for gray samples with a curve.</summary>
    internal static byte[] BuildGray(string name, TransferCurve curve) =>
        Write("GRAY", [("desc", Text(name)), ("cprt", Text("Public domain")), ("wtpt", Xyz(D50)), ("kTRC", Curve(curve))]);

    private static byte[] Write(string device, (string Tag, byte[] Data)[] tags)
    {
        using var body = new MemoryStream();
        byte[] table = new byte[4 + TagSize * tags.Length];
        BinaryPrimitives.WriteInt32BigEndian(table, tags.Length);
        for (int i = 0; i < tags.Length; i++)
        {
            var entry = table.AsSpan(4 + TagSize * i, TagSize);
            Encoding.ASCII.GetBytes(tags[i].Tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], HeaderSize + table.Length + (int)body.Length);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], tags[i].Data.Length);
            body.Write(tags[i].Data);
            body.Write(new byte[-tags[i].Data.Length & 3]);
        }
        byte[] header = new byte[HeaderSize];
        BinaryPrimitives.WriteInt32BigEndian(header, HeaderSize + table.Length + (int)body.Length);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 0x04400000);
        Encoding.ASCII.GetBytes("mntr" + device + "XYZ ", header.AsSpan(12));
        // The date is mandatory; it is fixed so that equal spaces give identical files.
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(24), 2026 << 16 | 1);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), 1 << 16);
        Encoding.ASCII.GetBytes("acsp", header.AsSpan(36));
        Xyz(D50).AsSpan(8).CopyTo(header.AsSpan(68));
        return [.. header, .. table, .. body.ToArray()];
    }

    private static byte[] Text(string text)
    {
        byte[] letters = Encoding.BigEndianUnicode.GetBytes(text), head = new byte[28];
        Encoding.ASCII.GetBytes("mluc", head);
        int[] numbers = [1, 12, 0, letters.Length, head.Length];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8 + 4 * i), numbers[i]);
        Encoding.ASCII.GetBytes("enUS", head.AsSpan(16));
        return [.. head, .. letters];
    }

    private static byte[] Curve(TransferCurve curve)
    {
        bool straight = curve.Threshold > 0;
        double[] numbers = straight ? [curve.Gamma, curve.Slope, curve.Offset, curve.Linear, curve.Threshold] : [curve.Gamma];
        return [.. "para"u8, 0, 0, 0, 0, 0, (byte)(straight ? 3 : 0), 0, 0, .. numbers.SelectMany(Fixed)];
    }

    private static byte[] Xyz(double[] xyz) => [.. "XYZ "u8, 0, 0, 0, 0, .. xyz.SelectMany(Fixed)];

    private static byte[] Matrix(double[,] matrix) => [.. "sf32"u8, 0, 0, 0, 0, .. matrix.Cast<double>().SelectMany(Fixed)];

    private static byte[] Fixed(double number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)Math.Round(number * 65536));
        return bytes;
    }

    private static double[] Light(Chromaticity point) => [point.X / point.Y, 1, (1 - point.X - point.Y) / point.Y];

    private static double[,] Adaptation(double[] white)
    {
        double[] from = Times(Cones, white), to = Times(Cones, D50);
        var scaled = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
                scaled[row, column] = Cones[row, column] * to[row] / from[row];
        }
        var back = Inverse(Cones)!;
        double[] Column(int i) => Times(back, [scaled[0, i], scaled[1, i], scaled[2, i]]);
        return Columns(Column(0), Column(1), Column(2));
    }

    private static double[,] Columns(double[] a, double[] b, double[] c) =>
        new[,]
        {
            { a[0], b[0], c[0] },
            { a[1], b[1], c[1] },
            { a[2], b[2], c[2] },
        };

    private static double[] Times(double[,] m, double[] v) =>
        [.. Enumerable.Range(0, 3).Select(row => m[row, 0] * v[0] + m[row, 1] * v[1] + m[row, 2] * v[2])];

    private static double[,]? Inverse(double[,] m)
    {
        var minors = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                // With cyclic indices the cofactors need no signs.
                int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;
                minors[column, row] = m[r1, c1] * m[r2, c2] - m[r1, c2] * m[r2, c1];
            }
        }
        double determinant = m[0, 0] * minors[0, 0] + m[0, 1] * minors[1, 0] + m[0, 2] * minors[2, 0];
        if (!double.IsFinite(determinant) || Math.Abs(determinant) < 1e-9)
            return null;
        for (int i = 0; i < 9; i++)
            minors[i / 3, i % 3] /= determinant;
        return minors;
    }
}

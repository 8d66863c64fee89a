using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Fast;

/// <summary>Transposes squares of a matrix whose side is the vector length.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class Transposition<T>
    where T : unmanaged
{
    /// <summary>Transposes as many rows as a vector has numbers.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="pitch">Elements from one row to the next.</param>
    /// <param name="columns">Numbers per row, a multiple of the vector length.</param>
    /// <param name="to">(columns, vector length), written.</param>
    public static void Run(T* from, long pitch, int columns, T* to)
    {
        int lanes = Vector512<T>.Count;
        for (int column = 0; column < columns; column += lanes, from += lanes, to += lanes * lanes)
        {
            if (typeof(T) == typeof(float) && Avx512F.IsSupported)
            {
                Square((float*)from, pitch, (float*)to);
                continue;
            }

            OneByOne(from, pitch, to);
        }
    }

    /// <summary>Transposes one square, number by number.</summary>
    internal static void OneByOne(T* from, long pitch, T* to)
    {
        int lanes = Vector512<T>.Count;
        for (int row = 0; row < lanes; row++)
            for (int i = 0; i < lanes; i++)
                to[i * lanes + row] = from[row * pitch + i];
    }

    /// <summary>Transposes one 16x16 square with AVX-512: first four columns of four rows at a time, then the 4x4 blocks.</summary>
    internal static void Square(float* from, long pitch, float* to)
    {
        Vector512<float>* quarters = stackalloc Vector512<float>[16];
        for (int row = 0; row < 4; row++)
        {
            float* first = from + 4 * row * pitch;
            Vector512<float> a = Vector512.Load(first),
                b = Vector512.Load(first + pitch),
                c = Vector512.Load(first + 2 * pitch),
                d = Vector512.Load(first + 3 * pitch);
            Vector512<double> lowAb = Avx512F.UnpackLow(a, b).AsDouble(),
                highAb = Avx512F.UnpackHigh(a, b).AsDouble();
            Vector512<double> lowCd = Avx512F.UnpackLow(c, d).AsDouble(),
                highCd = Avx512F.UnpackHigh(c, d).AsDouble();
            // Column i of each quarter's four columns, for these rows.
            quarters[row] = Avx512F.UnpackLow(lowAb, lowCd).AsSingle();
            quarters[4 + row] = Avx512F.UnpackHigh(lowAb, lowCd).AsSingle();
            quarters[8 + row] = Avx512F.UnpackLow(highAb, highCd).AsSingle();
            quarters[12 + row] = Avx512F.UnpackHigh(highAb, highCd).AsSingle();
        }

        const byte even = 0b10_00_10_00, odd = 0b11_01_11_01;
        for (int column = 0; column < 4; column++)
        {
            Vector512<float>* rows = quarters + 4 * column;
            Vector512<float> evenAb = Avx512F.Shuffle4x128(rows[0], rows[1], even), oddAb = Avx512F.Shuffle4x128(rows[0], rows[1], odd);
            Vector512<float> evenCd = Avx512F.Shuffle4x128(rows[2], rows[3], even), oddCd = Avx512F.Shuffle4x128(rows[2], rows[3], odd);
            Avx512F.Shuffle4x128(evenAb, evenCd, even).Store(to + 16 * column);
            Avx512F.Shuffle4x128(oddAb, oddCd, even).Store(to + 16 * (4 + column));
            Avx512F.Shuffle4x128(evenAb, evenCd, odd).Store(to + 16 * (8 + column));
            Avx512F.Shuffle4x128(oddAb, oddCd, odd).Store(to + 16 * (12 + column));
        }
    }
}

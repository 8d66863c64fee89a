using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>The kernels of <see cref="WinogradTransform{T}"/>, transformed in float64 and rounded once.</summary>
internal static unsafe class WinogradKernels
{
    private const int Inputs = 6;
    private const int Side = 3;

    /// <summary>Transforms kernels to the weights of a grouped 1x1 convolution.</summary>
    /// <param name="weight">(K, C, 3, 3), float32 or float64, on the CPU.</param>
    /// <returns>(36·K, C, 1, 1), owned by the caller.</returns>
    public static Tensor Transform(Tensor weight) => weight.dtype == ScalarType.Float32 ? Transform<float>(weight) : Transform<double>(weight);

    private static Tensor Transform<T>(Tensor weight)
        where T : unmanaged
    {
        (int outputs, int inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        using Tensor contiguous = weight.contiguous();
        Tensor result = empty([(long)Inputs * Inputs * outputs, inputs, 1, 1], weight.dtype);
        T* from = TensorMemory.Of<T>(contiguous), to = TensorMemory.Of<T>(result);
        Workers.Run(outputs, (first, end) =>
        {
            double* product = stackalloc double[Inputs * Inputs];
            for (int k = first; k < end; k++)
                for (int c = 0; c < inputs; c++)
                {
                    One(from + ((long)k * inputs + c) * Side * Side, product);
                    for (int p = 0; p < Inputs * Inputs; p++)
                        Store(to + ((long)p * outputs + k) * inputs + c, product[p]);
                }
        });
        return result;
    }

    /// <summary>G g Gᵀ.</summary>
    private static void One<T>(T* kernel, double* product)
        where T : unmanaged
    {
        double* columns = stackalloc double[Inputs * Side];
        for (int x = 0; x < Side; x++)
            Line(Load(kernel + x), Load(kernel + Side + x), Load(kernel + 2 * Side + x), columns + x, Side);
        for (int y = 0; y < Inputs; y++)
            Line(columns[Side * y], columns[Side * y + 1], columns[Side * y + 2], product + Inputs * y, 1);
    }

    private static void Line(double a, double b, double c, double* to, int step)
    {
        double even = (a + c) / -6, odd = b / -6;
        to[0] = a / 4;
        to[step] = even + odd;
        to[2 * step] = even - odd;
        even = a / 24 + c / 6;
        odd = b / 12;
        to[3 * step] = even + odd;
        to[4 * step] = even - odd;
        to[5 * step] = c;
    }

    private static double Load<T>(T* p)
        where T : unmanaged => typeof(T) == typeof(float) ? *(float*)p : *(double*)p;

    private static void Store<T>(T* p, double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            *(float*)p = (float)value;
        else
            *(double*)p = value;
    }
}

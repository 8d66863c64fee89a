using System.Numerics;
using System.Runtime.Intrinsics;
using Hypir.Networks.Fast;

namespace Hypir.Networks.Tests.Fast;

/// <summary>
/// Small products against sums in float64. Each register shape is called directly, so that it is tested on every machine: without AVX-512
/// the runtime computes vectors of 512 bits in parts.
/// </summary>
[TestClass]
public sealed unsafe class TileProductsTests
{
    private delegate void Shape<T>(
        T* rows, long rowStep, long inputStep, int inputs, T* matrix, int outputs, T* results, long resultStep, bool adds)
        where T : unmanaged;

    [TestMethod]
    public void Each_shape_in_either_type()
    {
        Shapes<float>();
        Shapes<double>();
    }

    [TestMethod]
    public void Any_number_of_rows_and_outputs_in_either_type()
    {
        Counts<float>();
        Counts<double>();
    }

    private static void Shapes<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int vectors in new[] { 1, 2, 3, 4 })
        {
            AssertShape<T>("One", 1, 1, vectors, (a, _, inputStep, inputs, b, outputs, to, _, adds) =>
                TileProducts<T>.One(a, inputStep, inputs, b, outputs, to, adds)
            );
            AssertShape<T>("Six", 6, 1, vectors, TileProducts<T>.Six);
            AssertShape<T>("FourByTwo", 4, 2, vectors, TileProducts<T>.FourByTwo);
            AssertShape<T>("Twelve", 12, 1, vectors, TileProducts<T>.Twelve);
            AssertShape<T>("TwelveByTwo", 12, 2, vectors, TileProducts<T>.TwelveByTwo);
        }
    }

    /// <summary>A shape computes its rows of some vectors, at each place of the outputs, and writes nothing else.</summary>
    private static void AssertShape<T>(string name, int rows, int width, int vectors, Shape<T> shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int step = Vector512<T>.Count;
        for (int first = 0; first + width <= vectors; first++)
            foreach (Layout layout in Layout.All)
            {
                int from = first * step,
                    columns = width * step;
                new Product<T>(rows, vectors * step, layout).Check(
                    $"{name}, vector {first} of {vectors}",
                    from,
                    columns,
                    (product, a, b, to) =>
                        shape(
                            a, product.RowStep, product.InputStep, layout.Inputs, b + from, vectors * step, to + from, product.ResultStep,
                            layout.Adds)
                );
            }
    }

    private static void Counts<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int step = Vector512<T>.Count;
        for (int rows = 1; rows <= 25; rows++)
            for (int outputs = step; outputs <= 5 * step; outputs += step)
                foreach (Layout layout in Layout.All)
                    new Product<T>(rows, outputs, layout).Check("Multiply", 0, outputs, (product, a, b, to) =>
                        TileProducts<T>.Multiply(
                            a, product.RowStep, product.InputStep, rows, layout.Inputs, b, outputs, to, product.ResultStep, layout.Adds)
                    );
    }

    /// <summary>How rows and results lie in memory.</summary>
    private sealed record Layout(int Inputs, bool Adds, bool IsTurned, int Gap)
    {
        public static IReadOnlyList<Layout> All { get; } =
        [new(1, false, false, 0), new(7, true, false, 0), new(33, false, false, 3), new(16, true, true, 5)];
    }

    private sealed class Product<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T[] _rows;
        private readonly T[] _matrix;
        private readonly T[] _results;
        private readonly (int Rows, int Outputs, Layout Layout) _size;

        public Product(int rows, int outputs, Layout layout)
        {
            _size = (rows, outputs, layout);
            (RowStep, InputStep) = layout.IsTurned ? (1, rows + layout.Gap) : (layout.Inputs + layout.Gap, 1);
            ResultStep = outputs + layout.Gap;
            _rows = Numbers((int)((rows - 1) * RowStep + (layout.Inputs - 1) * InputStep) + 1, 1);
            _matrix = Numbers(layout.Inputs * outputs, 2);
            _results = Numbers((int)(rows * ResultStep), 3);
        }

        public delegate void Compute(Product<T> product, T* rows, T* matrix, T* results);

        public long RowStep { get; }

        public long InputStep { get; }

        public long ResultStep { get; }

        public void Check(string what, int from, int columns, Compute compute)
        {
            T[] before = [.. _results];
            fixed (T* a = _rows, b = _matrix, to = _results)
                compute(this, a, b, to);
            // Each sum on the way is rounded once, and is no larger than the sum of the terms' sizes.
            double rounding = (_size.Layout.Inputs + 2) * (typeof(T) == typeof(float) ? 6e-8 : 2e-16);
            for (int place = 0; place < _results.Length; place++)
            {
                (int row, int column) = ((int)(place / ResultStep), (int)(place % ResultStep));
                (double sum, double size) =
                    column < from || column >= from + columns
                        ? (double.CreateChecked(before[place]), 0)
                        : Expected(row, column, before[place]);
                double error = Math.Abs(double.CreateChecked(_results[place]) - sum);
                if (!(error <= rounding * size))
                    Assert.Fail($"{what}, {typeof(T).Name}, {_size}, row {row}, output {column}: {_results[place]} instead of {sum}.");
            }
        }

        /// <summary>The result, and the sum of its terms' sizes.</summary>
        private (double Sum, double Size) Expected(int row, int column, T before)
        {
            double sum = _size.Layout.Adds ? double.CreateChecked(before) : 0, size = Math.Abs(sum);
            for (int i = 0; i < _size.Layout.Inputs; i++)
            {
                double term =
                    double.CreateChecked(_rows[row * RowStep + i * InputStep]) * double.CreateChecked(_matrix[i * _size.Outputs + column]);
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            return (sum, size);
        }

        /// <summary>Between -1 and 1.</summary>
        private static T[] Numbers(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(2 * random.NextDouble() - 1))];
        }
    }
}

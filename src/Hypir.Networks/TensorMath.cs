using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>
/// Wraps every operation that passes a number to libtorch. TorchSharp boxes such a number in a <see cref="Scalar"/>, an object with a
/// finalizer, and does not keep it alive during the native call: a garbage collection started by any other thread can free the number while
/// libtorch reads it, and the operation fails or computes garbage. Adding two tensors is such an operation too, since TorchSharp passes a
/// factor of 1. Here each number lives until the call returns.
/// </summary>
/// <remarks>
/// Nothing else in <c>src</c> may call TorchSharp's own forms; a test reads the compiled assemblies and lists each call that does. Integers
/// stay integers and other numbers are doubles, as with TorchSharp's conversions, so the results have the same types and bits. Results are
/// new tensors, owned by the caller; methods whose names end in <c>InPlace</c> return the modified tensor.
/// </remarks>
public static class TensorMath
{
    /// <summary><c>x + y</c>.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.Plus(y, 1);

    /// <summary><c>x + factor · y</c>.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, double factor)
    {
        using Scalar scalar = factor;
        return x.add(y, scalar);
    }

    /// <inheritdoc cref="Plus(Tensor, Tensor, double)"/>
    public static Tensor Plus(this Tensor x, Tensor y, long factor)
    {
        using Scalar scalar = factor;
        return x.add(y, scalar);
    }

    /// <summary><c>x + number</c>.</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using Scalar scalar = number, one = 1L;
        return x.add(scalar, one);
    }

    /// <inheritdoc cref="Plus(Tensor, double)"/>
    public static Tensor Plus(this Tensor x, long number)
    {
        using Scalar scalar = number, one = 1L;
        return x.add(scalar, one);
    }

    /// <summary><c>x - number</c>.</summary>
    public static Tensor Minus(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.sub(scalar);
    }

    /// <inheritdoc cref="Minus(Tensor, double)"/>
    public static Tensor Minus(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.sub(scalar);
    }

    /// <summary><c>number - x</c>.</summary>
    public static Tensor SubtractedFrom(this Tensor x, long number)
    {
        using Tensor negative = x.negative();
        return negative.Plus(number);
    }

    /// <summary><c>x · number</c>.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <inheritdoc cref="Times(Tensor, double)"/>
    public static Tensor Times(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <summary><c>x / number</c>.</summary>
    public static Tensor DividedBy(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.div(scalar);
    }

    /// <inheritdoc cref="DividedBy(Tensor, double)"/>
    public static Tensor DividedBy(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.div(scalar);
    }

    /// <summary><c>x²</c>.</summary>
    public static Tensor Squared(this Tensor x) => x.ToPower(2);

    /// <summary>x to a power.</summary>
    public static Tensor ToPower(this Tensor x, double exponent)
    {
        using Scalar scalar = exponent;
        return x.pow(scalar);
    }

    /// <inheritdoc cref="ToPower(Tensor, double)"/>
    public static Tensor ToPower(this Tensor x, long exponent)
    {
        using Scalar scalar = exponent;
        return x.pow(scalar);
    }

    /// <summary>x, limited to a range.</summary>
    public static Tensor Clamped(this Tensor x, double least, double most)
    {
        using Scalar low = least, high = most;
        return x.clamp(low, high);
    }

    /// <inheritdoc cref="Clamped(Tensor, double, double)"/>
    public static Tensor Clamped(this Tensor x, long least, long most)
    {
        using Scalar low = least, high = most;
        return x.clamp(low, high);
    }

    /// <summary>The larger of x and a number.</summary>
    public static Tensor AtLeast(this Tensor x, double least)
    {
        using Scalar scalar = least;
        return x.clamp_min(scalar);
    }

    /// <summary>Whether x is greater than a number, as a boolean tensor.</summary>
    public static Tensor IsAbove(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.gt(scalar);
    }

    /// <inheritdoc cref="IsAbove(Tensor, double)"/>
    public static Tensor IsAbove(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.gt(scalar);
    }

    /// <summary>x if positive, otherwise <c>slope · x</c>.</summary>
    public static Tensor LeakyRelu(this Tensor x, double slope)
    {
        using Scalar scalar = slope;
        return x.leaky_relu(scalar);
    }

    /// <summary>Multiplies the negative numbers of x by a slope.</summary>
    public static Tensor LeakyReluInPlace(this Tensor x, double slope)
    {
        using Scalar scalar = slope;
        return x.leaky_relu_(scalar);
    }

    /// <summary><c>x · tanh(ln(1 + eˣ))</c> (Misra, 2019).</summary>
    public static Tensor Mish(this Tensor x)
    {
        using Scalar beta = 1.0, threshold = 20.0;
        using Tensor soft = Softplus(x, beta, threshold), squashed = soft.tanh();
        return x.mul(squashed);
    }

    /// <summary><c>x += y</c>.</summary>
    public static Tensor AddInPlace(this Tensor x, Tensor y) => x.AddInPlace(y, 1);

    /// <summary><c>x += factor · y</c>.</summary>
    public static Tensor AddInPlace(this Tensor x, Tensor y, double factor)
    {
        using Scalar scalar = factor;
        return x.add_(y, scalar);
    }

    /// <inheritdoc cref="AddInPlace(Tensor, Tensor, double)"/>
    public static Tensor AddInPlace(this Tensor x, Tensor y, long factor)
    {
        using Scalar scalar = factor;
        return x.add_(y, scalar);
    }

    /// <summary><c>x += number</c>.</summary>
    public static Tensor AddInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number, one = 1L;
        return x.add_(scalar, one);
    }

    /// <summary><c>x -= number</c>.</summary>
    public static Tensor SubtractInPlace(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.sub_(scalar);
    }

    /// <summary><c>x *= number</c>.</summary>
    public static Tensor MultiplyInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul_(scalar);
    }

    /// <inheritdoc cref="MultiplyInPlace(Tensor, double)"/>
    public static Tensor MultiplyInPlace(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.mul_(scalar);
    }

    /// <summary><c>x /= number</c>.</summary>
    public static Tensor DivideInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.div_(scalar);
    }

    /// <inheritdoc cref="DivideInPlace(Tensor, double)"/>
    public static Tensor DivideInPlace(this Tensor x, long number)
    {
        using Scalar scalar = number;
        return x.div_(scalar);
    }

    /// <summary>Limits x to a range.</summary>
    public static Tensor ClampInPlace(this Tensor x, double least, double most)
    {
        using Scalar low = least, high = most;
        return x.clamp_(low, high);
    }

    /// <inheritdoc cref="ClampInPlace(Tensor, double, double)"/>
    public static Tensor ClampInPlace(this Tensor x, long least, long most)
    {
        using Scalar low = least, high = most;
        return x.clamp_(low, high);
    }

    /// <summary><c>x += factor · y · z</c>.</summary>
    public static Tensor AddProductInPlace(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using Scalar scalar = factor;
        return x.addcmul_(y, z, scalar);
    }

    /// <inheritdoc cref="AddProductInPlace(Tensor, Tensor, Tensor, double)"/>
    public static Tensor AddProductInPlace(this Tensor x, Tensor y, Tensor z, long factor)
    {
        using Scalar scalar = factor;
        return x.addcmul_(y, z, scalar);
    }

    /// <summary><c>x += factor · y / z</c>.</summary>
    public static Tensor AddQuotientInPlace(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using Scalar scalar = factor;
        return x.addcdiv_(y, z, scalar);
    }

    /// <inheritdoc cref="AddQuotientInPlace(Tensor, Tensor, Tensor, double)"/>
    public static Tensor AddQuotientInPlace(this Tensor x, Tensor y, Tensor z, long factor)
    {
        using Scalar scalar = factor;
        return x.addcdiv_(y, z, scalar);
    }

    /// <summary>0, 1, …, count - 1.</summary>
    public static Tensor Range(long count, ScalarType type, Device? device = null)
    {
        using Scalar start = 0L, stop = count, step = 1L;
        return arange(start, stop, step, type, device);
    }

    /// <summary>A tensor filled with one number.</summary>
    public static Tensor Filled(long[] shape, long number, ScalarType type)
    {
        using Scalar scalar = number;
        return full(shape, scalar, type);
    }

    // The public overloads take doubles and create the scalars themselves.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "softplus1")]
    private static extern Tensor Softplus(Tensor x, Scalar beta, Scalar threshold);
}

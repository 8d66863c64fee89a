using System.Reflection;
using System.Runtime.CompilerServices;
using Hypir.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>Reads what was compiled: no code of ours hands libtorch a number that a garbage collection can free during the call.</summary>
[TestClass]
public sealed class ScalarGuardTests
{
    private static readonly UnguardedMethods Unguarded = new();

    /// <summary>Everything that we ship and that can reach torch. Programs are named as their assemblies are.</summary>
    private static readonly string[] Shipped =
        ["Hypir.Networks", "Hypir.Restoration", "Hypir.Models", "Hypir.Protocol", "Hypir.Server", "Hypir.Training", "hypir", "hypir-train"];

    [TestMethod]
    [DynamicData(nameof(Assemblies))]
    public void No_number_goes_to_libtorch_except_through_TensorMath(string assembly)
    {
        var methods = CalledMethods.In(Assembly.Load(assembly)).Where(method => method.DeclaringType != typeof(TensorMath));
        string[] wrong = [.. methods.SelectMany(Violations)];
        Assert.IsEmpty(wrong, $"Use the methods of {nameof(TensorMath)} instead:\n{string.Join('\n', wrong)}");
    }

    public static IEnumerable<object[]> Assemblies => Shipped.Select(name => new object[] { name });

    /// <summary>Each number is held by a local variable and disposed after the call; nothing else that makes numbers is called.</summary>
    [TestMethod]
    public void TensorMath_holds_each_number_until_the_call_returns()
    {
        int numbers = 0;
        foreach (MethodBase method in CalledMethods.In(typeof(TensorMath)))
        {
            List<MethodBase> called = CalledMethods.Of(method);
            string[] unguarded = [.. called.Where(Unguarded.Contains).Select(Name)];
            Assert.IsEmpty(unguarded, $"{Name(method)} calls {string.Join(", ", unguarded)}");
            int made = called.Count(UnguardedMethods.MakesScalar);
            int held = method.GetMethodBody()?.LocalVariables.Count(variable => variable.LocalType == typeof(Scalar)) ?? 0;
            Assert.AreEqual(made, held, $"{Name(method)}: numbers in local variables");
            int disposed = called.Count(other => other.Name == nameof(IDisposable.Dispose));
            Assert.IsGreaterThanOrEqualTo(made, disposed, $"{Name(method)}: numbers disposed");
            numbers += made;
        }
        Assert.IsGreaterThan(30, numbers);
    }

    /// <summary>The search itself: each form below, in whatever kind of method it is written, is found.</summary>
    [TestMethod]
    public void Every_unguarded_form_is_found()
    {
        foreach (MethodBase form in Named("Bad"))
            Assert.IsNotEmpty(Reached(form).SelectMany(Violations), form.Name);
        foreach (MethodBase form in Named("Good"))
            Assert.IsEmpty(Reached(form).SelectMany(Violations), form.Name);
        // TorchSharp 0.107: 669. A search that finds a handful has stopped following the calls.
        Assert.IsGreaterThan(300, Unguarded.Count);

        static IEnumerable<MethodBase> Named(string start) =>
            CalledMethods.In(typeof(Forms)).Where(method => method.Name.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>A method and the compiler's classes for its lambdas and iterators.</summary>
    private static IEnumerable<MethodBase> Reached(MethodBase form) =>
        CalledMethods.Of(form).Select(called => called.DeclaringType).OfType<Type>()
            .Where(type => type.DeclaringType == typeof(Forms) && type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Distinct().SelectMany(CalledMethods.In).Append(form);

    private static IEnumerable<string> Violations(MethodBase method) =>
        CalledMethods.Of(method).Where(called => Unguarded.Contains(called) || UnguardedMethods.MakesScalar(called))
            .Select(called => $"{Name(method)} calls {Name(called)}");

    private static string Name(MethodBase method) =>
        $"{method.DeclaringType}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})";

    /// <summary>Never run.</summary>
    private static class Forms
    {
        public static Tensor BadSum(Tensor x, Tensor y) => x + y;

        public static Tensor BadAdd(Tensor x, Tensor y) => x.add(y);

        public static Tensor BadAddInPlace(Tensor x, Tensor y) => x.add_(y);

        public static Tensor BadFactor(Tensor x) => x * 0.5;

        public static Tensor BadDifference(Tensor x) => 1 - x;

        public static Tensor BadNumber(Tensor x) => x.mul(2);

        public static Tensor BadSquare(Tensor x) => x.square();

        public static Tensor BadClamp(Tensor x) => x.clamp_(0, 1);

        public static Tensor BadComparison(Tensor x) => x >= 0;

        public static Tensor BadRange() => arange(3);

        public static Tensor BadFill(Tensor x) => x.fill_(0);

        public static Tensor BadMask(Tensor x, Tensor mask) => x.masked_fill(mask, 0);

        public static Tensor BadActivation(Tensor x) => nn.functional.leaky_relu(x, 0.2);

        public static TorchSharp.Modules.LeakyReLU BadModule() => nn.LeakyReLU(0.2);

        public static TorchSharp.Modules.AdamW BadOptimizer(TorchSharp.Modules.Parameter[] parameters) => optim.AdamW(parameters);

        public static float BadRead(Tensor x) => x.ToSingle();

        public static IEnumerable<Tensor> BadIterator(Tensor x)
        {
            yield return x.mul(2);
        }

        public static Func<Tensor, Tensor> BadLambda(Tensor y) => x => x + y;

        public static T BadGeneric<T>(Tensor x)
            where T : unmanaged => (x + x).item<T>();

        public static Tensor GoodSum(Tensor x, Tensor y) => x.Plus(y).Times(0.5);

        public static Tensor GoodProduct(Tensor x, Tensor y) => x * y - y / x;

        public static double GoodRead(Tensor x) => x.item<double>();

        public static Func<Tensor, Tensor> GoodLambda(Tensor y) => x => x.Plus(y);
    }
}

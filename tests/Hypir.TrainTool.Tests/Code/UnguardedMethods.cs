using System.Reflection;
using TorchSharp;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>
/// The methods of TorchSharp that make a <see cref="Scalar"/> themselves, directly or through others. TorchSharp does not keep
/// it alive during the native call. The list comes from TorchSharp's own code, so it is complete for whatever version is
/// referenced.
/// </summary>
internal sealed class UnguardedMethods
{
    private readonly HashSet<MethodBase> _methods = [];

    public UnguardedMethods()
    {
        var callers = new Dictionary<MethodBase, List<MethodBase>>();
        var found = new Queue<MethodBase>();
        foreach (MethodBase method in CalledMethods.In(typeof(torch).Assembly))
        {
            foreach (MethodBase called in CalledMethods.Of(method))
            {
                if (!callers.TryGetValue(called, out List<MethodBase>? list))
                    callers[called] = list = [];
                list.Add(method);
                // Who returns the number leaves it to its caller.
                if (MakesScalar(called) && !MakesScalar(method) && _methods.Add(method))
                    found.Enqueue(method);
            }
        }
        while (found.TryDequeue(out MethodBase? method))
        {
            foreach (MethodBase next in callers.GetValueOrDefault(method, []).Concat(Constructors(method)))
            {
                if (_methods.Add(next))
                    found.Enqueue(next);
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _methods.Count;

    /// <summary>Whether a method returns a number that nobody but its caller can keep alive.</summary>
    public static bool MakesScalar(MethodBase method) =>
        (method is MethodInfo { ReturnType: var returned } ? returned : method.DeclaringType) == typeof(Scalar);

    /// <summary>Whether a method is one of them.</summary>
    public bool Contains(MethodBase method) => _methods.Contains(method);

    /// <summary>A virtual method is called through its base class, so it is the construction of its class that gives it away.</summary>
    private static ConstructorInfo[] Constructors(MethodBase method) =>
        method is MethodInfo { IsVirtual: true } overriding && overriding.GetBaseDefinition().DeclaringType != typeof(object)
            ? method.DeclaringType!.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            : [];
}

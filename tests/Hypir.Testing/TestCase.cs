using System.Diagnostics;
using System.Reflection;

namespace Hypir.Testing;

/// <summary>One test method with one row of data, run without the test platform.</summary>
/// <param name="method">The method.</param>
/// <param name="row">Its arguments.</param>
internal sealed class TestCase(MethodInfo method, object?[] row)
{
    /// <summary>What the case is called.</summary>
    public string Name => $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", row)})";

    /// <summary>The cases of a class: each of its tests once, or once for each row of data.</summary>
    public static IEnumerable<TestCase> Of(Type type) =>
        from method in type.GetMethods()
        where method.IsDefined(typeof(TestMethodAttribute))
        let rows = method.GetCustomAttributes().OfType<ITestDataSource>().SelectMany(source => source.GetData(method)).ToArray()
        from row in rows.Length > 0 ? rows : [[]]
        select new TestCase(method, row);

    /// <summary>Runs the case on an object of its own, with what the class does before and after each test.</summary>
    /// <returns>Why it failed, or null.</returns>
    public string? Run()
    {
        object instance = Activator.CreateInstance(method.ReflectedType!)!;
        var clock = Stopwatch.StartNew();
        try
        {
            Invoke<TestInitializeAttribute>(instance);
            method.Invoke(instance, row);
            Invoke<TestCleanupAttribute>(instance);
            Console.WriteLine($"{clock.Elapsed.TotalSeconds:f1} s {Name}");
            return null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException!.ToString();
        }
    }

    private static void Invoke<T>(object instance)
        where T : Attribute
    {
        foreach (MethodInfo step in instance.GetType().GetMethods().Where(candidate => candidate.IsDefined(typeof(T))))
            step.Invoke(instance, null);
    }
}

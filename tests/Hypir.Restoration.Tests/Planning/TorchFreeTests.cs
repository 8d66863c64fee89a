using System.Reflection;
using System.Runtime.Loader;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class TorchFreeTests
{
    /// <summary>
    /// The plan is made in a load context of its own, in which TorchSharp and image libraries cannot be loaded: a dry run must not pay for
    /// half a gigabyte of libraries, and must work where they do not.
    /// </summary>
    [TestMethod]
    [DataRow("nano")]
    [DataRow("tiny-sd2")]
    public void A_plan_is_made_without_torch(string model)
    {
        string path = model == "nano" ? NanoModel.Folder : Goldens.Require(model);
        var context = new WithoutTorch();
        try
        {
            Assembly networks = context.Load("Hypir.Networks"), planning = context.Load("Hypir.Planning");
            object Call(Assembly assembly, string type, string method, params object?[] arguments)
            {
                MethodInfo called = assembly
                    .GetType(type, throwOnError: true)!
                    .GetMethod(method, BindingFlags.Public | BindingFlags.Static)!;
                var optional = Enumerable.Repeat(Type.Missing, called.GetParameters().Length - arguments.Length);
                return called.Invoke(null, [.. arguments, .. optional])!;
            }
            object folder = Call(networks, "Hypir.Networks.Models.ModelFolder", "Open", path);
            object facts = Call(networks, "Hypir.Networks.Models.ModelFactsReader", "ReadFacts", folder);
            Type here = planning.GetType("Hypir.Planning.Machine.ThisMachine", throwOnError: true)!;
            object machine = here.GetMethod("Look")!.Invoke(Activator.CreateInstance(here), null)!;
            object options = Activator.CreateInstance(planning.GetType("Hypir.Planning.RestoreOptions")!)!;
            object plan = Call(
                planning, "Hypir.Planning.RestorePlan", "Create", 1000, 700, true, options, facts, machine, 8);
            foreach (PropertyInfo property in plan.GetType().GetProperties())
                _ = property.GetValue(plan)?.ToString();
            Assert.IsTrue((double)plan.GetType().GetProperty("Operations")!.GetValue(plan)! > 0);
            Assert.IsFalse(context.Assemblies.Any(assembly => assembly.GetName().Name!.StartsWith("Torch", StringComparison.Ordinal)));
        }
        finally
        {
            context.Unload();
        }
    }

    private sealed class WithoutTorch() : AssemblyLoadContext("without torch", isCollectible: true)
    {
        private static readonly string[] Forbidden = ["TorchSharp", "SkiaSharp", "NetVips"];

        public Assembly Load(string name) => LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

        protected override Assembly? Load(AssemblyName name) => Forbidden.Contains(name.Name)
            ? throw new FileLoadException($"Making a plan asked for {name.Name}.")
            : name.Name!.StartsWith("Hypir", StringComparison.Ordinal) ? Load(name.Name) : null;
    }
}

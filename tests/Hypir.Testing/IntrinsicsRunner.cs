using System.Diagnostics;
using System.Reflection;

namespace Hypir.Testing;

/// <summary>
/// Runs test classes again in a child process whose runtime may not use all of the processor, so that one machine tests the code paths of
/// others. The child fails where the switch has no effect.
/// </summary>
public static class IntrinsicsRunner
{
    /// <summary>The first argument of a test assembly that is started for <see cref="RunChild"/>.</summary>
    public const string Verb = "intrinsics";

    private const int TestFailed = 1;
    private const int SwitchIgnored = 3;

    // Far beyond what any child takes: it only keeps a hanging child from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Runs every test of some classes, all data rows, in one child process; fails with the child's output where one of them fails.
    /// </summary>
    /// <param name="limit">What the child may not use.</param>
    /// <param name="classes">Test classes of one assembly whose Main hands <see cref="Verb"/> to <see cref="RunChild"/>.</param>
    public static void Run(ProcessorLimit limit, params Type[] classes)
    {
        (int code, string output) = Start(limit, limit.Switch, classes);
        Console.WriteLine(output);
        Assert.AreEqual(0, code, output);
    }

    /// <summary>Starts a child and waits for its end.</summary>
    /// <param name="limit">What the child may not use.</param>
    /// <param name="variable">The environment variable that is set to 0.</param>
    /// <param name="classes">Test classes of one assembly.</param>
    /// <returns>The exit code, and what the child wrote.</returns>
    public static (int Code, string Output) Start(ProcessorLimit limit, string variable, params Type[] classes)
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, [classes[0].Assembly.Location, Verb, limit.Name, .. classes.Select(type => type.FullName!)])
        {
            Environment = { [variable] = "0" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var ended = new CancellationTokenSource(Limit);
        using var kill = ended.Token.Register(() => process.Kill(entireProcessTree: true));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>The child's program.</summary>
    /// <param name="assembly">The test assembly.</param>
    /// <param name="arguments">The limit's name, then classes.</param>
    /// <returns>The exit code.</returns>
    public static int RunChild(Assembly assembly, ReadOnlySpan<string> arguments)
    {
        string name = arguments[0];
        ProcessorLimit limit = ProcessorLimit.All.Single(known => known.Name == name);
        Console.WriteLine(ProcessorLimit.Description);
        string[] remaining = [.. limit.Remaining()];
        if (remaining.Length > 0)
        {
            Console.Error.WriteLine($"{limit.Switch}=0 has no effect: the runtime still uses {string.Join(", ", remaining)}.");
            return SwitchIgnored;
        }

        int passed = 0, failed = 0;
        foreach (string type in arguments[1..])
            foreach (TestCase test in TestCase.Of(assembly.GetType(type, throwOnError: true)!))
            {
                string? failure = test.Run();
                (passed, failed) = failure is null ? (passed + 1, failed) : (passed, failed + 1);
                if (failure is not null)
                    Console.Error.WriteLine($"FAILED {test.Name}: {failure}");
            }

        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed > 0 || passed == 0 ? TestFailed : 0;
    }
}

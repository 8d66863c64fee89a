using Hypir.Engine.Tests.Serving;
#if TEST_PROGRAM
using Microsoft.Testing.Platform.Builder;
#endif

namespace Hypir.Engine.Tests;

/// <summary>
/// Started as a program, the tests' assembly is an engine in which memory runs out, or runs its own tests: where no test host is, as under
/// Wine.
/// </summary>
internal static class Program
{
#if TEST_PROGRAM
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments.Contains("serve"))
            return FaultyEngine.Run(arguments);
        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        builder.AddMSTest(() => [typeof(Program).Assembly]);
        using ITestApplication tests = await builder.BuildAsync();
        return await tests.RunAsync();
    }
#else
    public static int Main(string[] arguments) => FaultyEngine.Run(arguments);
#endif
}

using Hypir.Testing;

namespace Hypir.Restoration.Tests;

/// <summary>
/// Started as a program, the assembly runs some of its tests with a part of the processor switched off (<see cref="IntrinsicsRunner"/>).
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is [IntrinsicsRunner.Verb, ..])
            return IntrinsicsRunner.RunChild(typeof(Program).Assembly, arguments.AsSpan(1));
        Console.Error.WriteLine($"{IntrinsicsRunner.Verb} LIMIT CLASS …");
        return 2;
    }
}

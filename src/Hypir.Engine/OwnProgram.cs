using System.Diagnostics;

namespace Hypir.Engine;

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>How it is started.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        // Where the runtime is the process, its first argument is the program.
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new(Environment.ProcessPath!, hosted ? [typeof(OwnProgram).Assembly.Location, .. arguments] : arguments);
    }
}

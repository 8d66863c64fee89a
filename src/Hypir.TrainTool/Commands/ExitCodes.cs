

using Hypir.Training.Config;

namespace Hypir.TrainTool.Commands;

/// <summary>The one place that says which exit code an exception has.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    public static ExitCode Of(Exception failure) => failure is ConfigException ? ExitCode.Usage : GeneralExitCodes.Of(failure);
}

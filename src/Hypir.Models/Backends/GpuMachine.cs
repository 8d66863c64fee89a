namespace Hypir.Models.Backends;

/// <summary>What decides whether a GPU backend can be used on a machine.</summary>
/// <param name="Platform">Its runtime, such as <c>win-x64</c>.</param>
/// <param name="Driver">Version of NVIDIA's driver, or null where there is none.</param>
/// <param name="Cards">NVIDIA's cards: name and compute capability.</param>
public sealed record GpuMachine(string Platform, string? Driver, IReadOnlyList<(string Name, Version Capability)> Cards)
{
    /// <summary>Says what keeps a backend from being used here.</summary>
    /// <param name="backend">The backend.</param>
    /// <returns>What is the matter and what can be done, or null where nothing is.</returns>
    public (string Problem, string Remedy)? Obstacle(Backend backend)
    {
        const string Otherwise = "Without it the processor computes.";
        if (backend.Platform != Platform)
            return ($"{backend.Title} is for {backend.Platform}; this machine is {Platform}.", $"--libtorch uses a libtorch that you have. {Otherwise}");
        if (Driver is null)
        {
            return ("No NVIDIA card with its driver was found: CUDA computes on NVIDIA's cards only, not on those of AMD or Intel.",
                $"If there is one, install its driver from nvidia.com/drivers. {Otherwise}");
        }
        if (!Version.TryParse(Driver, out var driver) || driver < backend.LeastDriver)
            return ($"NVIDIA's driver {Driver} is too old: {backend.Title} needs {backend.LeastDriver} or newer.", "Install a newer driver from nvidia.com/drivers, and restart the machine.");
        if (Cards.Count == 0)
            return ("NVIDIA's driver is here, but no card answers.", $"Is it plugged in and switched on? {Otherwise}");
        var (name, capability) = Cards.MaxBy(card => card.Capability);
        return capability >= backend.LeastCapability ? null
            : ($"The {name} is too old: it has compute capability {capability}, and {backend.Title} needs {backend.LeastCapability} (GeForce GTX 16, RTX 20 and newer).", Otherwise);
    }
}

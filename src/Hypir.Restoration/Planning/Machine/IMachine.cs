namespace Hypir.Restoration.Planning.Machine;

/// <summary>
/// Where facts about the machine come from. Only the programs' entry points create one and pass it on, so that tests can plan for any machine.
/// </summary>
public interface IMachine
{
    /// <summary>Looks at the machine as it is now. It loads no part of torch. Measured speeds are in the <see cref="SpeedBook"/>.</summary>
    MachineFacts Look();

    /// <summary>NVIDIA's driver and its GPUs, whether or not this build can compute on them.</summary>
    NvidiaDriver Driver();
}

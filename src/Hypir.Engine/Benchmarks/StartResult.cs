namespace Hypir.Engine.Benchmarks;

/// <summary>How long a start takes.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="Precision">In which type.</param>
/// <param name="Rounds">How often it was started.</param>
/// <param name="Files">Files of weights.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Reading">Seconds of only reading the files.</param>
/// <param name="Loaded">Seconds from starting a process to a loaded model.</param>
/// <param name="Ready">Seconds from starting a process to networks that are ready to compute.</param>
/// <param name="Ratio">Ready over reading, round by round.</param>
internal sealed record StartResult(
    string Model, string Device, string Precision, int Rounds, int Files, long Bytes, Spread Reading, Spread Loaded, Spread Ready, Spread Ratio);

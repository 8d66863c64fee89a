using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect;

/// <summary>Finds the engine from where the effect lies.</summary>
internal static class EngineFinder
{
    public static EngineAccess Find() => EngineAccess.Find(Path.GetDirectoryName(typeof(EngineFinder).Assembly.Location) ?? "");
}

using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>Where the effect looks for its engine.</summary>
[TestClass]
public sealed class EngineAccessTests
{
    private static readonly string Program = OperatingSystem.IsWindows() ? "hypir.exe" : "hypir";

    [TestMethod]
    public void TheFolderThatWasWrittenBesideTheEffectIsUsed()
    {
        string effect = Directory.CreateTempSubdirectory("hypir-effect-").FullName,
            program = Directory.CreateTempSubdirectory("hypir-program-").FullName;
        try
        {
            string engine = Path.Combine(program, Program), beside = Path.Combine(effect, "engine", Program);
            File.WriteAllText(engine, "");
            File.WriteAllText(Path.Combine(effect, "engine.txt"), program + Environment.NewLine);
            Assert.AreEqual(engine, EngineAccess.Find(effect).Location?.Executable);
            Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
            File.WriteAllText(beside, "");
            Assert.AreEqual(beside, EngineAccess.Find(effect).Location?.Executable, "An engine of its own stands before it.");
        }
        finally
        {
            Directory.Delete(effect, recursive: true);
            Directory.Delete(program, recursive: true);
        }
    }
}

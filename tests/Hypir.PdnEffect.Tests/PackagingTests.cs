using Hypir.PdnEffect.Tests.Support;

namespace Hypir.PdnEffect.Tests;

/// <summary>The folder that is put under Paint.NET's Effects.</summary>
[TestClass]
public sealed class PackagingTests
{
    [TestMethod]
    public void It_holds_what_the_effect_needs_and_nothing_of_the_editor_or_of_torch()
    {
        string[] files = [.. Directory.GetFiles(Built.EffectFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Built.EffectFolder, file))];
        foreach (string needed in (string[])["Hypir.PdnEffect.dll", "Hypir.PdnEffect.deps.json", "Hypir.PdnEffect.ViewModel.dll", "Hypir.Protocol.dll", "StreamJsonRpc.dll", "hypir-help.html"])
            CollectionAssert.Contains(files, needed);
        foreach (string file in files)
            AssertClean(file);
    }

    [TestMethod]
    public void Its_list_of_dependencies_names_nothing_of_the_editor_or_of_torch() =>
        AssertClean(File.ReadAllText(Path.Combine(Built.EffectFolder, "Hypir.PdnEffect.deps.json")));

    private static void AssertClean(string text)
    {
        foreach (string foreign in (string[])["PaintDotNet", "torch", "SkiaSharp", "NetVips", "System.Windows.Forms", "Hypir.Restoration", "Hypir.Networks"])
            Assert.IsFalse(text.Contains(foreign, StringComparison.OrdinalIgnoreCase), $"{foreign} is in {text[..Math.Min(80, text.Length)]}");
    }
}

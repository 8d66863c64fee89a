
using Hypir.Engine.Commands;
using Hypir.Engine.Plugins;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Plugins;

/// <summary>Where the effect belongs, told from recorded registry values and folders, and how it comes there.</summary>
[TestClass]
public sealed class PluginTests : EngineTest
{
    private const string Shell = @"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders\Personal";
    private const string Store =
        @"HKCU\Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel"
        + @"\Repository\Packages\dotPDNLLC.paint.net_5.112.1.0_x64__h55e3w7q8jbva\PackageRootFolder";

    private static readonly Version Current = typeof(PluginCommand).Assembly.GetName().Version!;

    [TestMethod]
    public void TheOneOfAllUsersAndTheOneOfThisUserAreFoundAndDocumentsMayHaveMoved()
    {
        string shared = Make("Program Files/paint.net"),
            moved = Make("OneDrive/Dokumente"),
            store = Make("WindowsApps/paint.net");
        var places = Find(
            new()
            {
                [@"HKLM\SOFTWARE\paint.net\TARGETDIR"] = shared,
                [Shell] = "%MOVED%",
                [Store] = store,
            }
        );
        CollectionAssert.AreEqual(
            new[] { (Path.Combine(shared, "Effects"), true), (Path.Combine(moved, "paint.net App Files", "Effects"), false) },
            places.Select(place => (place.Effects, place.AllUsers)).ToArray());
    }

    [TestMethod]
    [DataRow(true, false, 1)] // installed "just for me", never started
    [DataRow(false, true, 1)] // only its own folder shows it
    [DataRow(false, false, 0)]
    public void TheOneOfThisUserIsKnownByItsProgramOrByItsFolder(bool program, bool files, int found)
    {
        var values = new Dictionary<string, string>();
        if (program)
            values[@"HKCU\SOFTWARE\paint.net\TARGETDIR"] = Make("Programs/paint.net");
        if (files)
            Make("home/Documents/paint.net App Files");
        var places = Find(values);
        Assert.HasCount(found, places);
        Assert.IsTrue(
            places.All(place => place.Effects == In(Path.Combine("home", "Documents", "paint.net App Files", "Effects")) && !place.AllUsers)
        );
    }

    [TestMethod]
    public void WhatWasUninstalledIsNotFound() =>
        Assert.IsEmpty(
            Find(
                new()
                {
                    [@"HKLM\SOFTWARE\paint.net\TARGETDIR"] = In("gone"),
                    [Store] = In("gone"),
                    [@"HKCU\SOFTWARE\paint.net\TARGETDIR"] = "",
                }
            )
        );

    [TestMethod]
    public void APortableOneIsNamedByItsFolderOrItsFolderOfPlugins()
    {
        string portable = Make("stick/paint.net");
        BuiltProgram.Engine.Run(Folder, "plugin", "install", "--into", portable, "--plugin", MakePlugin()).MustEnd(ExitCode.CannotWrite);
        File.WriteAllText(Path.Combine(portable, "paintdotnet.exe"), "");
        var run = BuiltProgram
            .Engine.Run(Folder, "plugin", "install", "--into", portable, "--plugin", MakePlugin())
            .MustEnd(ExitCode.Success);
        string folder = Path.Combine(portable, "Effects", "Hypir");
        StringAssert.Contains(run.Output, folder);
        Assert.AreEqual(
            AppContext.BaseDirectory, File.ReadAllText(Path.Combine(folder, "engine.txt")), "The effect finds its engine by it.");
        StringAssert.Contains(Status(portable), $"installed, version {Current.ToString(3)}");
        StringAssert.Contains(Status(Path.Combine(portable, "Effects")), $"installed, version {Current.ToString(3)}");

        BuiltProgram.Engine.Run(Folder, "plugin", "remove", "--into", portable).MustEnd(ExitCode.Success);
        Assert.IsEmpty(Directory.GetFileSystemEntries(Path.Combine(portable, "Effects")));
        StringAssert.Contains(Status(portable), "not installed");
        BuiltProgram.Engine.Run(Folder, "plugin", "remove", "--into", portable).MustEnd(ExitCode.Success);
    }

    [TestMethod]
    public void AnOlderOneIsReplacedAsAWholeAndVersionsAreCompared()
    {
        string effects = Make("App/Effects"), mine = Path.Combine(effects, "Hypir");
        Directory.CreateDirectory(mine);
        File.WriteAllText(Path.Combine(mine, "Hypir.PdnEffect.dll"), "not an assembly");
        File.WriteAllText(Path.Combine(mine, "Gone.dll"), "");
        StringAssert.Contains(Status(effects), "hypir plugin install");
        BuiltProgram.Engine.Run(Folder, "plugin", "install", "--into", effects, "--plugin", MakePlugin()).MustEnd(ExitCode.Success);
        CollectionAssert.AreEquivalent(
            new[] { "Hypir.PdnEffect.dll", "Other.dll", "engine.txt" },
            Directory.GetFiles(mine).Select(file => Path.GetFileName(file)).ToArray());
        Assert.HasCount(1, Directory.GetDirectories(effects));
        StringAssert.Contains(
            PluginWords.Of(new Version(0, 0, 9, 0), Current), $"version 0.0.9 but this program is {Current.ToString(3)}");
    }

    [TestMethod]
    public void WhatIsNotTheEffectsIsLeftAlone()
    {
        string effects = Make("App/Effects"), theirs = Path.Combine(effects, "Hypir", "Theirs.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        File.WriteAllText(theirs, "");
        BuiltProgram.Engine.Run(Folder, "plugin", "install", "--into", effects, "--plugin", MakePlugin()).MustEnd(ExitCode.CannotWrite);
        BuiltProgram.Engine.Run(Folder, "plugin", "remove", "--into", effects).MustEnd(ExitCode.Success);
        Assert.IsTrue(File.Exists(theirs));
        Assert.HasCount(1, Directory.GetDirectories(effects), "Nothing half-written stays.");
        StringAssert.Contains(
            BuiltProgram
                .Engine.Run(Folder, "plugin", "install", "--into", effects, "--plugin", In("nowhere"))
                .MustEnd(ExitCode.CannotWrite)
                .Error,
            "not in"
        );
    }

    [TestMethod]
    public void WithoutAnyPaintNetTheReasonIsTold()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("This machine may have one.");
        StringAssert.Contains(
            BuiltProgram.Engine.Run(Folder, "plugin", "install", "--quiet").MustEnd(ExitCode.Usage).Error, "--into");
        BuiltProgram.Engine.Run(Folder, "plugin", "status").MustEnd(ExitCode.Success);
    }

    private IReadOnlyList<PluginPlace> Find(Dictionary<string, string> values) =>
        PluginPlaces.Find(
            PdnTraces.Of(values, text =>
                text.Replace("%MOVED%", In(Path.Combine("OneDrive", "Dokumente")), StringComparison.Ordinal)
                    .Replace("%USERPROFILE%", In("home"), StringComparison.Ordinal)
            )
        );

    private string Make(string folder) => Directory.CreateDirectory(In(folder.Replace('/', Path.DirectorySeparatorChar))).FullName;

    private string Status(string into) =>
        BuiltProgram.Engine.Run(Folder, "plugin", "status", "--into", into).MustEnd(ExitCode.Success).Output;

    /// <summary>Files as a plug-in's folder has them: its version is that of its assembly.</summary>
    private string MakePlugin()
    {
        string folder = Make("plugin");
        File.Copy(typeof(PluginCommand).Assembly.Location, Path.Combine(folder, "Hypir.PdnEffect.dll"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "Other.dll"), "");
        return folder;
    }
}

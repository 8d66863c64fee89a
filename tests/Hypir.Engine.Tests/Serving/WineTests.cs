using System.Diagnostics;
using Hypir.Networks;
using Hypir.Restoration.Images;

namespace Hypir.Engine.Tests.Serving;

/// <summary>The program as it is published for Windows, under Wine: HYPIR_WINDOWS_BUILD names the folder that <c>.ci/windows-engine</c> has filled.</summary>
[TestClass]
[TestCategory("Serve")]
[TestCategory("Wine")]
public sealed class WineTests : EngineTest
{
    // Far beyond what they take: it only keeps a hanging process from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private static string _prefix = "";

    private static string? Build => Environment.GetEnvironmentVariable("HYPIR_WINDOWS_BUILD");

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static void MakePrefix(TestContext context)
    {
        if (Build is null || !OperatingSystem.IsLinux() || !File.Exists("/usr/bin/wine"))
            return;
        _prefix = Directory.CreateTempSubdirectory("hypir-wine-").FullName;
        Wine(_prefix, "mscoree=;mshtml=", "wineboot", "-i");
        File.Copy(Path.Combine(Build, "bcryptprimitives.dll"), Path.Combine(_prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll"), overwrite: true);
    }

    [ClassCleanup]
    public static void DeletePrefix()
    {
        if (_prefix.Length == 0)
            return;
        Wine(_prefix, "mshtml=", "wineserver", "-k", "-w");
        Directory.Delete(_prefix, recursive: true);
    }

    [TestInitialize]
    public void NeedWine()
    {
        if (_prefix.Length == 0)
            Assert.Inconclusive("There is no Wine here, or nothing was published for it (.ci/windows-engine, HYPIR_WINDOWS_BUILD).");
    }

    [TestMethod]
    [DataRow("JobTests")] // start, handshake, jobs, a second start, idle exit
    [DataRow("EngineEndTests")] // cancel, kill, restart
    public void The_same_tests_pass_there(string tests)
    {
        var (code, output) = Wine(Folder, "mshtml=", "wine", Path.Combine(Build!, "tests", "Hypir.Engine.Tests.exe"), "--filter", $"FullyQualifiedName~{tests}.", "--no-ansi", "--output", "detailed");
        TestContext.WriteLine(output);
        Assert.AreEqual(0, code, output);
        StringAssert.Contains(output, "failed: 0", output);
        Assert.IsFalse(output.Contains("succeeded: 0", StringComparison.Ordinal), output);
    }

    [TestMethod]
    public void A_picture_is_restored_as_on_Linux()
    {
        MakePicture("a.png", 200, 136, alpha: true);
        Hypir("restore", "a.png", "-o", "linux.png").MustEnd(ExitCode.Success);
        var (code, output) = Wine(Folder, "mshtml=", "wine", Path.Combine(Build!, "engine", "hypir.exe"), "restore", "a.png", "-o", "windows.png");
        Assert.AreEqual(0, code, output);
        Picture linux = PictureFile.Load(In("linux.png")), windows = PictureFile.Load(In("windows.png"));
        int worst = linux.Rgb.Zip(windows.Rgb, (a, b) => Math.Abs(a - b)).Max();
        TestContext.WriteLine($"{linux.Rgb.Zip(windows.Rgb, (a, b) => a == b ? 0 : 1).Sum()} of {linux.Rgb.Length} samples differ, by {worst} at most");
        Assert.IsLessThanOrEqualTo(1, worst);
        CollectionAssert.AreEqual(linux.Alpha, windows.Alpha);
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(Build!, "engine"), "*Skia*.pdb"), "Symbols of a library that is not used are not published.");
    }

    /// <summary>Runs a program of Wine's; its output goes to a file, since Wine's helpers keep pipes open.</summary>
    private static (int Code, string Output) Wine(string folder, string overrides, params string[] command)
    {
        string output = Path.Combine(folder, "wine.txt");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, .. command]) { WorkingDirectory = folder };
        start.Environment["WINEPREFIX"] = _prefix;
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["WINEDLLOVERRIDES"] = overrides;
        // Intel's OpenMP cannot read Wine's processors, and the runtime's double mapping of its code fails there now and then.
        start.Environment["KMP_AFFINITY"] = "disabled";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using Process process = Process.Start(start)!;
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "It did not end. " + File.ReadAllText(output));
        }
        return (process.ExitCode, File.ReadAllText(output));
    }
}

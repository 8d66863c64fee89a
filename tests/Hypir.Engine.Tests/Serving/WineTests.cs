using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Networks.Libraries;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// The program as it is published for Windows, under Wine: HYPIR_WINDOWS_BUILD names the folder that <c>.ci/windows-engine</c> has filled.
/// </summary>
[TestClass]
[TestCategory("Serve")]
[TestCategory("Wine")]
public sealed class WineTests : EngineTest
{
    // Far beyond what they take: it only keeps a hanging process from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(11);

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
        File.Copy(
            Path.Combine(Build, "bcryptprimitives.dll"), Path.Combine(_prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll"),
            overwrite: true);
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
        var (code, output) = Wine(
            Folder, "mshtml=", "wine", Path.Combine(Build!, "tests", "Hypir.Engine.Tests.exe"), "--filter", $"FullyQualifiedName~{tests}.",
            "--no-ansi", "--output", "detailed");
        TestContext.WriteLine(output);
        Assert.AreEqual(0, code, output);
        StringAssert.Contains(output, "failed: 0", output);
        Assert.IsFalse(output.Contains("succeeded: 0", StringComparison.Ordinal), output);
    }

    [TestMethod]
    public void An_image_is_restored_as_on_Linux()
    {
        MakeImage("a.png", 200, 136, alpha: true);
        Hypir("restore", "a.png", "-o", "linux.png").MustEnd(ExitCode.Success);
        var (code, output) = Wine(
            Folder, "mshtml=", "wine", Path.Combine(Build!, "engine", "hypir.exe"), "restore", "a.png", "-o", "windows.png");
        Assert.AreEqual(0, code, output);
        RasterImage linux = ImageFile.Load(In("linux.png")), windows = ImageFile.Load(In("windows.png"));
        int worst = linux.Rgb.Zip(windows.Rgb, (a, b) => Math.Abs(a - b)).Max();
        TestContext.WriteLine(
            $"{linux.Rgb.Zip(windows.Rgb, (a, b) => a == b ? 0 : 1).Sum()} of {linux.Rgb.Length} samples differ, by {worst} at most");
        Assert.IsLessThanOrEqualTo(1, worst);
        CollectionAssert.AreEqual(linux.Alpha, windows.Alpha);
        Assert.IsEmpty(
            Directory.GetFiles(Path.Combine(Build!, "engine"), "*Skia*.pdb"), "Symbols of a library that is not used are not published.");
    }

    /// <summary>As on a Windows to which nobody has added it: Wine's own is switched off.</summary>
    [TestMethod]
    public void Without_the_Visual_Cpp_runtime_the_program_says_what_to_install() =>
        Broken(
            Path.Combine(Build!, "engine"), "mshtml=;msvcp140=;vcruntime140=;vcruntime140_1=",
            "libtorch does not load: the Visual C++ runtime is missing (MSVCP140.dll, VCRUNTIME140.dll, VCRUNTIME140_1.dll",
            VisualCppRuntime.Remedy);

    [TestMethod]
    public void Without_libtorch_the_program_says_so()
    {
        string copy = Path.Combine(Build!, $"copy-{Guid.NewGuid():N}");
        try
        {
            using (Process linking = Process.Start("cp", ["-l", "-r", Path.Combine(Build!, "engine"), copy]))
                linking.WaitForExit();
            File.Delete(Path.Combine(copy, "torch_cpu.dll"));
            Broken(copy, "mshtml=", "libtorch does not load: torch_cpu.dll is missing from", "Install Hypir again");
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private void Broken(string program, string overrides, string told, string remedy)
    {
        MakeImage("a.png", 40, 32);
        string hypir = Path.Combine(program, "hypir.exe");
        foreach (
            (ExitCode expected, string[] command) in (IEnumerable<(ExitCode, string[])>)
                [(ExitCode.Success, ["doctor"]), (ExitCode.BadFile, ["restore", "a.png"]), (ExitCode.BadFile, ["serve"])]
        )
        {
            var (code, output) = Wine(Folder, overrides, ["wine", hypir, .. command]);
            Assert.AreEqual((int)expected, code, output);
            StringAssert.Contains(output, told, output);
            StringAssert.Contains(output, remedy, output);
            Assert.IsFalse(output.Contains("This application or script uses TorchSharp", StringComparison.Ordinal), output);
            Assert.AreEqual(command[0] == "doctor", output.Contains("Last errors", StringComparison.Ordinal), output);
        }
    }

    /// <summary>Runs a program of Wine's; its output goes to a file, since Wine's helpers keep pipes open.</summary>
    private static (int Code, string Output) Wine(string folder, string overrides, params string[] command)
    {
        string output = Path.Combine(folder, "wine.txt");
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, .. command])
        {
            WorkingDirectory = folder,
        };
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

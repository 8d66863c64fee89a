using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>What a plan says of memory, against what a process takes, and against a limit.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class MemoryPlanTests : EngineTest
{
    private const int Size = 1024;

    /// <summary>The plan's figure is what the process needs at most, give or take 15 %.</summary>
    [TestMethod]
    public void The_peak_is_the_plans_figure()
    {
        RequireLinux();
        MakeImage("in.bmp", Size, Size);
        Capped run = Measure([], [], "in.bmp", "--model", NanoModel.Folder);
        Assert.AreEqual(1, (double)run.Peak / run.Planned, 0.15);
    }

    /// <summary>A single-pass network's process needs no more than planned, with its maps and those of the result.</summary>
    [TestMethod]
    public void A_single_pass_network_keeps_to_the_plan()
    {
        RequireLinux();
        MakeImage("in.bmp", Size, Size);
        Capped run = Measure([], [], "in.bmp", "--model", Goldens.Require("single-pass", "compact-x2.pth"), "--upscale", "2");
        Assert.IsLessThanOrEqualTo(1, (double)run.Peak / run.Planned);
        Assert.IsGreaterThan(0.6, (double)run.Peak / run.Planned);
    }

    /// <summary>
    /// A limit as a container sets it: the runtime knows it, the plan uses smaller tiles, and the process keeps to the plan.
    /// </summary>
    [TestMethod]
    public void Under_a_cap_tiles_are_smaller_until_the_plan_fits()
    {
        RequireLinux();
        MakeImage("in.bmp", Size, Size);
        Capped free = Measure([], [], "in.bmp", "--model", NanoModel.Folder);
        Capped capped = Measure([], [("DOTNET_GCHeapHardLimit", "0x1E000000")], "in.bmp", "--model", NanoModel.Folder);
        Assert.IsTrue(capped.Tiles > free.Tiles, $"{capped.Tiles} and {free.Tiles} tiles");
        Assert.IsTrue(capped.Planned < free.Planned);
        Assert.IsTrue(capped.Peak < 1.15 * capped.Planned, $"{capped.Peak} of {capped.Planned}");
        Assert.IsTrue(capped.Peak < 0x1E000000L * 1.15, $"{capped.Peak}");
    }

    /// <summary>A limit that only the system knows. A result that fits is the same as without it.</summary>
    [TestMethod]
    public void Under_a_cap_that_suffices_the_result_is_the_same()
    {
        RequireLinux();
        MakeImage("in.bmp", Size / 2, Size / 2);
        Hypir("restore", "in.bmp", "-o", "free.bmp").MustEnd(ExitCode.Success);
        // .NET reserves a quarter of a terabyte of addresses unless it has a limit; that gives it no more memory.
        Measure(["prlimit", "--as=6000000000"], [("DOTNET_GCRegionRange", "0x40000000"), ("DOTNET_EnableWriteXorExecute", "0")], "in.bmp");
        CollectionAssert.AreEqual(File.ReadAllBytes(In("free.bmp")), File.ReadAllBytes(In("out.bmp")));
    }

    /// <summary>
    /// 16,384 x 16,384 pixels, of which only the header is there to plan by, where 1 GiB may be used: refused, with figures, before it is
    /// loaded.
    /// </summary>
    [TestMethod]
    public void What_no_plan_makes_fit_is_refused_before_it_is_tried()
    {
        RequireLinux();
        MakeHuge("huge.bmp");
        (string, string)[] cap = [("DOTNET_GCHeapHardLimit", "0x40000000")];
        using Process planning = Start([], cap, "restore", "huge.bmp", "-o", "out.png", "--dry-run");
        // A dry run ends as the run would.
        ProgramRun plan = BuiltProgram.Finish(planning).MustEnd(ExitCode.OutOfMemory);
        StringAssert.Contains(plan.Output, "This will be refused unless you pass --force");

        using Process process = Start([], cap, "restore", "huge.bmp", "-o", "out.png");
        ProgramRun run = BuiltProgram.Finish(process).MustEnd(ExitCode.OutOfMemory);
        StringAssert.Matches(
            run.Error, new(@"16384x16384 pixels need [0-9.]+ GB of memory, and (0\.[0-9]{2}|1\.0) GB are left of the limit that is set"));
        StringAssert.Contains(run.Error, "Raise the limit; cut the image into pieces. --force");
        CollectionAssert.AreEqual(new[] { "huge.bmp" }, Files());

        // Among others it is one that failed.
        MakeImage("small.bmp", 64, 64);
        using Process both = Start([], cap, "restore", "huge.bmp", "small.bmp", "-o", "out/");
        BuiltProgram.Finish(both).MustEnd(ExitCode.SomeFailed);
        CollectionAssert.AreEqual(new[] { "huge.bmp", "out/small.bmp", "small.bmp" }, Files());
    }

    /// <summary>A little less than the plan asks for: refused, and with --force done.</summary>
    [TestMethod]
    public void What_is_refused_can_be_forced()
    {
        RequireLinux();
        MakeImage("in.bmp", 64, 64);
        (string, string)[] cap = [("DOTNET_GCHeapHardLimit", "0x9000000")];
        using Process refused = Start([], cap, "restore", "in.bmp", "-o", "out.bmp");
        BuiltProgram.Finish(refused).MustEnd(ExitCode.OutOfMemory);
        using Process forced = Start([], cap, "restore", "in.bmp", "-o", "out.bmp", "--force");
        BuiltProgram.Finish(forced).MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(new[] { "in.bmp", "out.bmp" }, Files());
    }

    private void MakeHuge(string name)
    {
        using FileStream file = File.Create(In(name));
        const int Side = 16384;
        using var writer = new BinaryWriter(file);
        writer.Write((byte)'B');
        writer.Write((byte)'M');
        foreach (int value in new[] { 54 + 3 * Side * Side, 0, 54, 40, Side, Side, 1 | 24 << 16, 0, 3 * Side * Side, 2835, 2835, 0, 0 })
            writer.Write(value);
        file.SetLength(54 + 3L * Side * Side); // of zeros, which take no space on disk
    }

    /// <summary>Plans and restores an image in a process below another one, and reads its peak until it ends.</summary>
    private Capped Measure(string[] below, (string Name, string Value)[] settings, string image, params string[] more)
    {
        string[] restore = ["restore", image, "-o", "out.bmp", "--overwrite", .. more];
        using Process planning = Start([], settings, [.. restore, "--dry-run", "--json"]);
        JsonElement plan = BuiltProgram.Finish(planning).MustEnd(ExitCode.Success).Of("plan").Single();
        using Process process = Start(below, settings, restore);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(50))
            peak = Math.Max(peak, Peak(process.Id));
        new ProgramRun((ExitCode)process.ExitCode, output.Result, error.Result).MustEnd(ExitCode.Success);
        var result = new Capped(
            plan.GetProperty("memoryBytes").GetInt64(), peak, plan.GetProperty("tiles").GetProperty("restore").GetInt32());
        Console.WriteLine(
            $"planned {result.Planned >> 20} MiB, used {result.Peak >> 20} MiB: {(double)result.Peak / result.Planned:f2}, "
                + $"{result.Tiles} tiles"
        );
        return result;
    }

    private Process Start(string[] below, (string Name, string Value)[] settings, params string[] arguments)
    {
        string[] line = [.. below, Path.Combine(AppContext.BaseDirectory, "hypir"), .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HYPIR_HOME"] = In(BuiltProgram.Home);
        foreach ((string name, string value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Peaks are read from /proc, and prlimit is a program of Linux.");
    }

    private static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It ended meanwhile.
        }
    }

    /// <summary>What a run took, and what its plan said.</summary>
    private sealed record Capped(long Planned, long Peak, int Tiles);
}

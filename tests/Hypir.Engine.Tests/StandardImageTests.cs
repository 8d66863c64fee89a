using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Images on the standard streams.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class StandardImageTests : EngineTest
{
    [TestMethod]
    public void An_image_goes_through_a_pipe_and_nothing_else()
    {
        MakeImage("a.png", 40, 30);
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "hypir-??????");
        var run = Shell("hypir restore - --strength 0 --verbose < a.png > b.png").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(ImageFile.Load(In("a.png")).Rgb, ImageFile.Load(In("b.png")).Rgb);
        StringAssert.Contains(run.Error, "40x30", "Messages go to the error stream.");
        Shell("cat a.png | hypir - --strength 0 --format jpg -o - | cat > b.jpg").MustEnd(ExitCode.Success);
        Assert.AreEqual(ImageFormat.Jpeg, ImageFile.Inspect(In("b.jpg")).Format);
        Shell("hypir restore - --strength 0 -o c.tif < a.png").MustEnd(ExitCode.Success);
        Assert.AreEqual(ImageFormat.Tiff, ImageFile.Inspect(In("c.tif")).Format);
        Assert.IsEmpty(
            Directory.GetDirectories(Path.GetTempPath(), "hypir-??????").Except(before)
                .Where(folder => File.Exists(Path.Combine(folder, "standard input"))).ToArray(), "Nothing is left of the streams.");
    }

    [TestMethod]
    [DataRow("hypir restore - < /dev/null > b.png", ExitCode.BadFile, "standard input: The file is empty")]
    [DataRow("hypir restore a.png -o - > /dev/full --strength 0", ExitCode.CannotWrite, "The standard output cannot be written")]
    [DataRow("hypir restore a.png a.png -o - > b.png", ExitCode.Usage, "takes a single image")]
    [DataRow("hypir restore . -o - > b.png", ExitCode.Usage, "takes a single image")]
    public void What_cannot_go_through_is_refused(string line, ExitCode code, string told)
    {
        MakeImage("a.png", 40, 30);
        StringAssert.Contains(Shell(line).MustEnd(code).Error, told);
        Assert.IsTrue(!File.Exists(In("b.png")) || new FileInfo(In("b.png")).Length == 0, "No message is taken for an image.");
    }

    [TestMethod]
    public void JSON_and_an_image_cannot_share_the_standard_output()
    {
        var run = Shell("hypir restore a.png -o - --json").MustEnd(ExitCode.Usage);
        StringAssert.Contains(run.Output, "--json needs the standard output for itself");
    }

    /// <summary>Runs a line of a shell in which <c>hypir</c> is the program.</summary>
    private ProgramRun Shell(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"set -o pipefail; hypir() {{ \"{BuiltProgram.Engine.Path}\" \"$@\"; }}; {line}"])
        {
            WorkingDirectory = Folder,
            Environment = { ["HYPIR_HOME"] = In(BuiltProgram.Home) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return BuiltProgram.Finish(process);
    }
}

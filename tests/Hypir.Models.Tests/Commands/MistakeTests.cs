using Hypir.Testing;

namespace Hypir.Models.Tests.Commands;

/// <summary>Mistakes that people make with models: what they are told, and how the program ends.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class MistakeTests : IDisposable
{
    private static readonly string Image = Directory
        .GetFiles(Repository.Root, "*.png", SearchOption.AllDirectories).OrderBy(file => new FileInfo(file).Length).First();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void WeightsOfAnotherModelAreRefusedInOneSentence()
    {
        File.Copy(Image, _folder.File("in.png"));
        string lora = Goldens.Require("tiny-lora", "state_dict.safetensors");
        string[] arguments = ["restore", "in.png", "--model", NanoModel.Folder, "--lora", lora];
        string told = Run(ExitCode.BadFile, arguments).Error;
        StringAssert.Contains(told, "made for another base model");
        Assert.IsLessThan(400 + lora.Length, told.Length, told);
        StringAssert.Contains(Run(ExitCode.BadFile, [.. arguments, "-v"]).Error, ".lora_A.default.weight, ");
        string other = Goldens.Require("single-pass", "compact-x2.pth");
        StringAssert.Contains(Run(ExitCode.BadFile, [.. arguments[..^1], other]).Error, "holds no LoRA weights");
    }

    [TestMethod]
    public void AModelOfOnesOwnHasNoLicenseInTheList()
    {
        Run(ExitCode.Success, "models", "add", NanoModel.Folder, "--name", "mine");
        StringAssert.Contains(Run(ExitCode.Success, "models", "license", "mine").Output, "mine is a model that you added");
        StringAssert.Contains(Run(ExitCode.BadFile, "models", "license", "yours").Error, "no model \"yours\"");
    }

    [TestMethod]
    public void TheDoctorNamesWhatComesWithTheProgramAndNoClasses()
    {
        Run(ExitCode.BadFile, "models", "verify", "nobody");
        string told = Run(ExitCode.Success, "doctor").Output;
        StringAssert.Matches(told, new("\n  faithful: .*, built in\r?\n"));
        StringAssert.Contains(told, "UTC, There is no model nobody on this machine.");
    }

    [TestMethod]
    public void ADamagedListOfOnesOwnStopsNothingThatComesWithTheProgram()
    {
        File.Copy(Image, _folder.File("in.png"));
        string home = _folder.File(BuiltProgram.Home);
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "models.yaml"), "not: a list\n");
        string told = Run(ExitCode.BadFile, "models", "list").Error;
        StringAssert.Contains(told, "models.yaml, line 1: there is no key \"not\".");
        Assert.IsFalse(told.Contains("Yaml'", StringComparison.Ordinal), told);
        Run(ExitCode.Success, "restore", "in.png");
    }

    [TestMethod]
    public void AFolderWithoutTheFilesIsNotTakenForAWishToDownload()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        string told = Run(ExitCode.BadFile, "models", "pull", "realesr-general-x4v3", "--accept-license", "--from", "empty").Error;
        StringAssert.Contains(told, "empty has none of the files of realesr-general-x4v3 (realesr-general-x4v3.pth)");
    }

    [TestMethod]
    public void AnEngineIsNotStartedOnADeviceThatIsMissing() =>
        StringAssert.Contains(Run(ExitCode.Usage, "serve", "--device", "cuda:63").Error, "Choose auto or cpu.");

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PaintNetIsForWindows()
    {
        string told = Run(ExitCode.Usage, "plugin", "install").Error;
        StringAssert.Contains(told, "Paint.NET runs on Windows only.");
        Assert.IsFalse(told.Contains("getpaint.net", StringComparison.Ordinal), told);
    }

    private ProgramRun Run(ExitCode code, params string[] arguments) =>
        BuiltProgram.Engine.Run(_folder.Path, arguments).MustEnd(code);
}

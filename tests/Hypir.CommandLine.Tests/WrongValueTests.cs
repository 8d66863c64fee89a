using System.CommandLine;
using System.CommandLine.Help;
using Hypir.Testing;

namespace Hypir.CommandLine.Tests;

/// <summary>A wrong value of any option of any command is a usage error that names the option, before anything is done.</summary>
[TestClass]
public sealed class WrongValueTests
{
    // Values of which only the system can say whether they are right: files, names, texts. All others must refuse words.
    private static readonly string[] Free = ["FILE", "FILE.html", "FOLDER", "NAME", "TEXT", "ADDRESS", "COLUMN", "MODEL", "own"];

    private static readonly string[] Wrong = ["x", "NaN", "1e999", "99999999999999999999999999", "-99999999999999999999999999", "0x10",
        "1,5", "\u0661", "-1"];

    // Any seed of 64 bits is good.
    private static readonly (string Command, string Option, string Value)[] Right = [("hypir restore", "--seed", "-1")];

    /// <summary>Every option, from the programs' own trees.</summary>
    public static IEnumerable<object[]> Options => from command in ProgramCommand.All
                                                   from option in command.Command.Options
                                                   where option is not (HelpOption or VersionOption)
                                                   select new object[] { command.Path, option.Name };

    [TestMethod]
    [DynamicData(nameof(Options))]
    public void A_wrong_value_is_refused_by_name(string path, string name)
    {
        var (command, option) = Find(path, name);
        bool flag = option.ValueType == typeof(bool);
        if (flag)
        {
            Refused(command, option, $"{name}=x");
            return;
        }
        Refused(command, option, name);
        if (option.Arity.MaximumNumberOfValues == 1)
            Refused(command, option, name, "1", name, "2");
        if (option is not FreeText)
            Refused(command, option, $"{name}=");
        if (option.HelpName!.Split('|').All(word => Free.Contains(word)))
            return;
        foreach (string value in Wrong.Where(value => !Right.Contains((path, name, value))))
        {
            Refused(command, option, name, value);
            Refused(command, option, $"{name}={value}");
        }
    }

    [TestMethod]
    public void Values_that_are_right_are_taken()
    {
        foreach (string line in (string[])
            ["restore a --seed -5", "restore a --strength 0.5", "restore a --upscale 2", "restore a --prompt= --device cuda:1",
             "restore a --shard 0/8", "restore a --crop 0,5,10,20 --strength 1",
             "restore a --mask m.png --jpeg-consistent off", "restore a --width 5 --height 6",
             "restore a --megapixels 2.5 --format jpg --suffix _x",
             "restore a --on-exists number --threads 2 -q", "serve --idle-exit 10m --memory-limit 6G",
             "ui a.png -o b --no-browser --pipe x",
             "bench --compare fast,reference", "models add x --t 5"])
            Assert.IsEmpty(CommandReader.Read(ProgramCommand.All[0].Command, line.Split(' ')).Problems, line);
        var trainer = ProgramCommand.All.First(command => command.Path == "hypir-train").Command;
        foreach (string line in (string[])
            ["bench-data", "bench-data --seconds 0.5", "degrade in -o out --seed 9223372036854775807 --count 3",
             "init photos --memory 12GB", "init photos --memory 24g",
             "export difference a b -o c", "evaluate -m m --baseline a --baseline b --pairs p", "train --help"])
            Assert.IsEmpty(CommandReader.Read(trainer, line.Split(' ')).Problems, line);
    }

    [TestMethod]
    public void Empty_arguments_are_refused_by_name()
    {
        foreach (var command in ProgramCommand.All)
        {
            foreach (var argument in command.Command.Arguments)
            {
                var problems = CommandReader.Read(command.Command,
                    [.. command.Command.Arguments.Select(other => other == argument ? "" : "x")]).Problems;
                Assert.IsTrue(problems.Any(problem => problem.Contains(argument.HelpName ?? argument.Name, StringComparison.Ordinal)),
                    $"{command} {argument.Name}: {string.Join(' ', problems)}");
            }
        }
    }

    [TestMethod]
    public void No_command_has_a_validator_that_could_throw()
    {
        foreach (var command in ProgramCommand.All)
            Assert.IsEmpty(command.Command.Validators,
                $"{command}: rules belong into CheckedCommand.Rules, which run when all values are valid.");
    }

    [TestMethod]
    [DataRow("hypir", "restore a.png --tile x", "--tile")]
    [DataRow("hypir", "restore a.png --report", "--report")]
    [DataRow("hypir", "restore a.png --overwrite=x --resume", "--overwrite")]
    [DataRow("hypir", "restore ", "IMAGE|FOLDER")]
    [DataRow("hypir", "restore a.png -o ", "--output")]
    [DataRow("hypir", "serve --idle-exit soon", "--idle-exit")]
    [DataRow("hypir-train", "degrade photos -o x --seed x", "--seed")]
    [DataRow("hypir-train", "degrade photos -o x --count 1 --count 2", "--count")]
    [DataRow("hypir-train", "degrade photos -o x --workers", "--workers")]
    [DataRow("hypir-train", "bench-data --seconds x", "--seconds")]
    [DataRow("hypir-train", "evaluate --show NaN", "--show")]
    [DataRow("hypir-train", "init photos --memory lots", "--memory")]
    public void The_programs_say_so_in_two_lines(string name, string arguments, string told)
    {
        using var folder = new TemporaryFolder();
        var run = (name == "hypir" ? BuiltProgram.Engine : BuiltProgram.Trainer).Run(folder.Path, arguments.Split(' '))
            .MustEnd(ExitCode.Usage);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(2, lines, run.Error);
        StringAssert.StartsWith(lines[0], "error: ");
        StringAssert.Contains(lines[0], told);
        StringAssert.Contains(lines[1], $"`{name} {arguments.Split(' ')[0]} --help`");
        Assert.AreEqual("", run.Output);
    }

    private static void Refused(ProgramCommand command, Option option, params string[] values)
    {
        string[] arguments = [.. command.Words, .. command.Command.Arguments.Select(_ => "x"), .. values];
        var problems = CommandReader.Read(ProgramCommand.All.First(root => root.Program == command.Program).Command, arguments).Problems;
        Assert.IsTrue(problems.Any(problem => problem.Contains(option.Name, StringComparison.Ordinal)),
            $"{command} {string.Join(' ', values)}: {string.Join(' ', problems)}");
    }

    private static (ProgramCommand Command, Option Option) Find(string path, string name)
    {
        var command = ProgramCommand.All.First(command => command.Path == path);
        return (command, command.Command.Options.First(option => option.Name == name));
    }
}

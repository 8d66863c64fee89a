using System.CommandLine;
using System.Globalization;
using Hypir.Engine.Reporting;
using Hypir.Networks.Libraries;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Transport;
using Hypir.Server;
using Microsoft.Extensions.Logging;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir serve</c>.</summary>
internal static class ServeCommand
{
    private const string Examples = """
        Examples:
          hypir serve
              one engine for all of the user's programs; Paint.NET starts it automatically
          hypir serve --idle-exit 1h --memory-limit 8G
              stay for an hour without work; use at most 8 GiB

        Ctrl+C stops it. Exit codes: 0 stopped by --end or when idle, 130 by Ctrl+C or a signal,
        6 an engine is already running, 5 the pipe or the folder cannot be used.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var pipe = Options.Parsed<string?>(
            "--pipe", "NAME", $"Name of the pipe (default {PipeName.Default}).", "1 to 60 letters, digits, dots, underscores and hyphens",
            name => PipeName.IsValid(name) ? (true, name) : default);
        var idle = Options.Time(
            "--idle-exit", "Exit after this time without work, such as 30s, 10m, or 2h (default 10m). This frees the GPU.");
        var device = Options.AnyDevice("Device for requests that do not choose one (default auto).");
        var memory = Options.Size("--memory-limit", "Plan with at most this much memory, such as 6G or 800M (default: what is free).");
        var prompts = Options.Flag("--log-prompts", "Write prompts to the log. By default they are not logged.");
        var verbose = Options.Verbose();
        var end = Options.Flag("--end", "Stop the running engine and exit, for example to replace its files.");
        Option[] all = [pipe, end, idle, device, memory, prompts, verbose];
        var command = new Command("serve", "Run as a server for other programs and keep the model loaded between requests.");
        foreach (Option option in all)
            command.Add(option);
        command.SetAction(
            async (line, _) =>
            {
                try
                {
                    if (line.GetValue(end))
                    {
                        using var client = new EngineClient(
                            null, new() { Pipe = line.GetValue(pipe) ?? PipeName.Default, Name = "hypir serve --end" });
                        return (int)await EndAsync(client).ConfigureAwait(false);
                    }

                    return (int)
                        await RunAsync(
                                new()
                                {
                                    Pipe = line.GetValue(pipe) ?? PipeName.Default,
                                    Home = AppFolder.Path,
                                    IdleExit = line.GetValue(idle) ?? TimeSpan.FromMinutes(10),
                                    Device = line.GetValue(device) ?? "auto",
                                    MemoryLimit = line.GetValue(memory),
                                    LogPrompts = line.GetValue(prompts),
                                    Speeds = AppFolder.Speeds,
                                    Machine = machine,
                                }
                            )
                            .ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    ErrorText.Write(failure, line.GetValue(verbose));
                    return (int)ExitCodes.Of(failure);
                }
            }
        );
        pages.Add(new(command, "hypir serve [options]", [new("Options", all)], Examples));
        return command;
    }

    private static async Task<ExitCode> EndAsync(EngineClient client)
    {
        try
        {
            await client.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (EngineException none) when (none.Error == EngineError.EngineMissing)
        {
            Console.WriteLine("No engine is running.");
            return ExitCode.Success;
        }

        await client.ShutdownAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Runs an engine until it exits.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<ExitCode> RunAsync(ServeSettings settings)
    {
        // Without libtorch there is nothing to serve. A libtorch that the user chose can still be replaced or removed through the engine; a
        // failure to load it is reported when it is needed.
        if (NativeTorch.Folder is null)
            TorchProbe.Require();
        // Reject an invalid value here, once, not with each job.
        _ = KernelChoice.Parse(KernelChoice.Value);
        if (settings.Device != "auto")
            _ = ComputeChoice.Resolve(new() { Device = settings.Device }, new ModelNeeds(), settings.Machine.Look());
        using var interruption = new Interruption(() => { }, Interruption.Soon);
        try
        {
            using EngineFolder? folder = EngineFolder.TryHold(settings);
            if (folder is null)
            {
                Console.WriteLine($"An engine is already running: process {EngineFolder.HolderOf(settings)}, pipe {settings.Pipe}.");
                return ExitCode.AlreadyRunning;
            }

            using ILoggerFactory logs = EngineLog.Open(folder.LogFile);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture, $"Engine on pipe {settings.Pipe}, process {Environment.ProcessId}, log {folder.LogFile}")
            );
            bool ended = await new EngineServer(settings, folder, logs.CreateLogger("engine"))
                .RunAsync(interruption.Token)
                .ConfigureAwait(false);
            var code = interruption.Token.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Success;
            if (!ended)
                Interruption.EndNow(code);
            return code;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"The engine cannot be set up: {failure.Message}",
                $"Another program may use the pipe's name {settings.Pipe}, or {settings.Home} cannot be written: choose another --pipe, "
                    + "or check the folder.",
                failure
            );
        }
    }
}

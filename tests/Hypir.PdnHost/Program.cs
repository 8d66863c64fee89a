using System.Diagnostics;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;
using Hypir.PdnHost.Scenarios;
using PaintDotNet.Imaging;

namespace Hypir.PdnHost;

/// <summary>
/// Runs the scenarios: Hypir.PdnHost EFFECT-FOLDER ENGINE REPORT [--only TEXT] [--without TEXT|TEXT] [--sequences N] [--seed N]
/// [--pictures FOLDER [--photo FILE]].
/// </summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [STAThread]
    public static int Main(string[] arguments)
    {
        string Option(string name, string otherwise) => Array.IndexOf(arguments, name) is >= 0 and int at ? arguments[at + 1] : otherwise;
        // As the editor is: its windows are scaled by the system's setting.
        Application.SetHighDpiMode(HighDpiMode.SystemAware);
        Application.EnableVisualStyles();
        // The editor's thread has its context before any dialog, and keeps it: its own message loop never ends. Here no loop is around the
        // dialogs', and each that ends would leave a context that sends what is awaited to other threads.
        WindowsFormsSynchronizationContext.AutoInstall = false;
        SynchronizationContext.SetSynchronizationContext(new WindowsFormsSynchronizationContext());
        var ledger = new Ledger();
        // A file, because a console is lost to the programs around Wine that are started.
        using var report = new StreamWriter(arguments[2]) { AutoFlush = true };
        ImagingFactory.Host = () => new HostFactory(ledger);

        // What the effect keeps goes nowhere near a person's own.
        string home = Directory.CreateTempSubdirectory("hypir-host-home-").FullName;
        Environment.SetEnvironmentVariable("HYPIR_HOME", home);
        using var engine = new Engine(arguments[1]);
        using var stage = new Stage(new Plugin(arguments[0]), engine, report)
        {
            Sequences = int.Parse(Option("--sequences", "50"), System.Globalization.CultureInfo.InvariantCulture),
            Seed = int.Parse(Option("--seed", "1"), System.Globalization.CultureInfo.InvariantCulture),
            Images = Option("--pictures", ""),
            Photo = Option("--photo", ""),
        };
        int passed = 0, failed = 0;
        string[] without = Option("--without", "").Split('|', StringSplitOptions.RemoveEmptyEntries);
        foreach ((string name, Func<Stage, Task> play) in All.Scenarios)
        {
            if (!name.Contains(Option("--only", ""), StringComparison.Ordinal)
                || without.Any(text => name.Contains(text, StringComparison.Ordinal)))
                continue;
            long start = Stopwatch.GetTimestamp();
            try
            {
                // The dialog's loop is what makes the thread go on: nothing else may wait on it.
                Pump(play(stage));
                Check.That(stage.Editor.Ledger.Open == 0, $"{stage.Editor.Ledger.Open} bitmaps and the like were not disposed of.");
                Check.That(ledger.Open == 0, $"{ledger.Open} converted bitmaps were not disposed of.");
                report.WriteLine($"passed {name} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
                passed++;
            }
            catch (Exception failure)
            {
                report.WriteLine($"FAILED {name} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s): {failure}");
                foreach ((string message, string details) in stage.Editor.Services.Errors)
                    report.WriteLine($"  shown: {message}\n{details}");
                failed++;
                stage.Renew();
            }
        }
        Pump(engine.Client.ShutdownAsync());
        report.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    /// <summary>Lets the thread's windows work until a scenario is over; one that waits for what never comes is given up.</summary>
    private static void Pump(Task task)
    {
        long start = Stopwatch.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"It is not over after {Patience.TotalMinutes:0} minutes.");
            Application.DoEvents();
            task.Wait(1);
        }
        task.GetAwaiter().GetResult();
    }
}

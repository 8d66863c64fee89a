using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>
/// What the dialog says where something is missing or fails: no engine, no model, too little memory, an engine that crashes; and each
/// failure that there are words for.
/// </summary>
internal static class LookTroubles
{
    public static Task LightEnglish(Stage stage) => Play(stage, dark: false, "en-US");

    public static Task DarkEnglish(Stage stage) => Play(stage, dark: true, "en-US");

    public static Task LightChinese(Stage stage) => Play(stage, dark: false, "zh-CN");

    public static Task DarkChinese(Stage stage) => Play(stage, dark: true, "zh-CN");

    private static async Task Play(Stage stage, bool dark, string language)
    {
        string bare = Environment.GetEnvironmentVariable("HYPIR_BARE_ENGINE") ?? "";
        if (!File.Exists(bare))
            throw new InvalidOperationException("HYPIR_BARE_ENGINE must name an engine without models.");
        await using (await stage.Engine.InsteadAsync(bare))
        {
            await Looks.Show(stage, dark, language, async dialog =>
            {
                Looks.Fits(dialog.Form);
                await stage.Snap(dialog, "connecting");
                await Fails(stage, dialog, "no-model");
                // What is missing can be had from here.
                (await dialog.Choose("get.sd2.1-base")).Press("no");
                await dialog.Until(() => dialog.CanClick("restore"), "the license is declined");
                Every(dialog, language);
                dialog.Click("cancel");
            });
        }
        await using (await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe"))
            await Looks.Show(stage, dark, language, dialog => FailsAndCloses(stage, dialog, "no-engine"));
        await using (await stage.Engine.WithLittleMemoryAsync())
            await Looks.Show(stage, dark, language, dialog => FailsAndCloses(stage, dialog, "memory"));
        // So many pixels that the engine is not done before it is killed.
        await Looks.Show(stage, dark, language, RasterImage.Drawn(2400, 1800, 60), async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            ProgressBar progress = dialog.Find<ProgressBar>("progress");
            for (int i = 0; i < 2; i++)
            {
                await dialog.Until(() => progress.Value > 0, "it computes");
                await stage.Engine.KillAsync();
                await dialog.Until(() => progress.Value == 0, "the crash is noticed");
                Looks.Fits(dialog.Form);
                await stage.Snap(dialog, "restarted");
            }
            await dialog.Settled();
            await Told(stage, dialog, "crashed");
            dialog.Click("cancel");
        });
    }

    private static async Task FailsAndCloses(Stage stage, DialogSession dialog, string name)
    {
        await Fails(stage, dialog, name);
        dialog.Click("cancel");
    }

    private static async Task Fails(Stage stage, DialogSession dialog, string name)
    {
        await dialog.Ready();
        dialog.Click("restore");
        await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
        await Told(stage, dialog, name);
    }

    private static async Task Told(Stage stage, DialogSession dialog, string name)
    {
        Check.That(stage.Editor.Services.Errors.Count == 1, $"{stage.Editor.Services.Errors.Count} errors were shown.");
        Check.That(dialog.Find<LinkLabel>("diagnostics").Text.Length > 0, "There is no link to the diagnostics.");
        Looks.Fits(dialog.Form);
        await stage.Snap(dialog, name);
    }

    /// <summary>Most failures cannot be had here: their words are put where they would stand.</summary>
    private static void Every(DialogSession dialog, string language)
    {
        Dictionary<string, string> words = Texts(language.StartsWith("zh", StringComparison.Ordinal) ? "zh-Hans" : "en");
        string cause = words.Where(word => word.Key.StartsWith("Cause", StringComparison.Ordinal)).MaxBy(word => word.Value.Length).Value;
        Label status = dialog.Find<Label>("status"), plan = dialog.Find<Label>("plan");
        foreach ((string name, string message) in words.Where(word => words.ContainsKey(word.Key + "Action")))
        {
            status.Text = string.Format(null, words["Then"], string.Format(null, message, cause), words[name + "Action"]);
            Looks.Fits(dialog.Form);
        }
        string planned = string.Format(
            null, words["And"], string.Format(null, words["Tiles"], 16384), string.Format(null, words["PlanTimeUnknown"], words["Gpu"]));
        planned = string.Format(null, words["And"], planned, string.Format(null, words["PlanMemory"], 123.4));
        foreach (string last in (string[])["GpuOffer", "PlanTooLarge"])
        {
            plan.Text = string.Format(null, words["Further"], planned, words[last]);
            Looks.Fits(dialog.Form);
        }
    }

    private static Dictionary<string, string> Texts(string language)
    {
        using Stream stream = AppDomain
            .CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.IsDynamic ? null : assembly.GetManifestResourceStream($"{language}.txt"))
            .First(found => found is not null)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(" = ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }
}

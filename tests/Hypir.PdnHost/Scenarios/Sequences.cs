using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>
/// Random sequences of what a person may do, from a seed: no hang, memory level, nothing left over, no pixel outside of the selection
/// changed.
/// </summary>
internal static class Sequences
{
    private const int Warm = 10;
    private const long Slack = 6 << 20;

    public static async Task Play(Stage stage)
    {
        stage.Renew();
        long level = 0;
        for (int i = 0; i < stage.Sequences; i++)
        {
            var did = new List<string>();
            try
            {
                await One(stage, new Random(stage.Seed * 1000 + i), did);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Sequence {i}: {string.Join(", ", did)}: {failure.Message}", failure);
            }
            Check.That(stage.Editor.Ledger.Open == 0, $"Sequence {i}: {stage.Editor.Ledger.Open} bitmaps were not disposed of.");
            if (i == Warm)
                level = Memory();
        }
        if (stage.Sequences > Warm)
            Check.That(Memory() < level + Slack, $"Memory grew from {level >> 10} KiB to {Memory() >> 10} KiB.");
        stage.Report.WriteLine($"  {stage.Sequences} sequences, memory {level >> 10} KiB, then {Memory() >> 10} KiB");
    }

    private static async Task One(Stage stage, Random random, List<string> did)
    {
        int width = random.Next(1, 130), height = random.Next(1, 100);
        RasterImage image = RasterImage.Drawn(width, height, random.Next(1000), random.Next(4) == 0, random.Next(4) == 0 ? 0.9 : 1);
        int cut = random.Next(width + height);
        if (random.Next(2) == 0 && cut > 0)
            image.Select((x, y) => (cut - x - y) * 60);
        RasterImage? shown = null;
        DialogOutcome outcome = stage.Dialog(
            image, dialog => Use(stage, dialog, random, did, image => shown = image), random.Next(2) == 0);
        if (outcome.Result == DialogResult.OK)
            Check.Same(shown!, outcome.After, "What was applied is not what was shown");
        else
            Check.Same(image, outcome.After, "The layer after Cancel");
        for (int p = 0; p < image.Mask.Length; p++)
            Check.That(image.Mask[p].A != 0 || image.Pixels[p] == outcome.After.Pixels[p], "A pixel outside of the selection changed.");
        if (outcome.Result == DialogResult.OK && random.Next(2) == 0)
        {
            did.Add("repeat");
            await stage.Editor.RepeatAsync(RasterImage.Drawn(40, 30, random.Next(1000)), CancellationToken.None);
        }
        Check.That(stage.Editor.Services.Errors.Count == 0, "An error was shown.");
    }

    private static async Task Use(Stage stage, DialogSession dialog, Random random, List<string> did, Action<RasterImage> accept)
    {
        for (int step = random.Next(1, 8); step > 0; step--)
        {
            switch (random.Next(16))
            {
                case 0 or 1 or 2:
                    did.Add("restore");
                    dialog.Click("restore");
                    break;
                case 3:
                    did.Add("stop");
                    dialog.Click("stop");
                    break;
                case 4:
                    did.Add("strength");
                    dialog.Find<TrackBar>("strength").Value = random.Next(101);
                    break;
                case 5:
                    did.Add("scale");
                    dialog.Find<ComboBox>("scale").SelectedIndex = random.Next(2);
                    break;
                case 6:
                    did.Add("seed");
                    dialog.Find<NumericUpDown>("seed").Value = random.Next(3);
                    break;
                case 7:
                    did.Add("area");
                    dialog.Click("area");
                    break;
                case 8:
                    did.Add("again");
                    dialog.Click("again");
                    break;
                case 9:
                    ComboBox list = dialog.Find<ComboBox>(random.Next(3) switch { 0 => "preset", 1 => "timestep", _ => "precision" });
                    // Bfloat16 and float16 take another model's load each time.
                    int most = list.Name == "precision" ? 2 : Math.Min(5, list.Items.Count);
                    did.Add(list.Name);
                    list.SelectedIndex = random.Next(most);
                    break;
                case 10:
                    string button = ((string[])["fit", "actual", "in", "out"])[random.Next(4)];
                    did.Add(button);
                    dialog.Click(button);
                    break;
                case 11:
                    did.Add("advanced");
                    dialog.Find<CheckBox>("advanced").Checked ^= true;
                    break;
                case 12 or 13:
                    await SequencesMore.Use(dialog, random, did);
                    break;
                case 14:
                    did.Add("wait");
                    await dialog.Ready();
                    await dialog.Settled();
                    break;
                default:
                    did.Add("tick");
                    for (int i = random.Next(12); i > 0; i--)
                        await DialogSession.Tick();
                    break;
            }
        }
        if (random.Next(10) == 0 && dialog.CanClick("stop"))
        {
            did.Add("kill");
            await stage.Engine.KillAsync();
        }
        if (random.Next(2) == 0)
        {
            await dialog.Settled();
            if (dialog.CanClick("ok"))
            {
                did.Add("OK");
                accept(dialog.Preview.Shown);
                await dialog.Accept();
                return;
            }
        }
        if (random.Next(3) == 0)
        {
            did.Add("cancel");
            await dialog.Leave(() => dialog.Click("cancel"));
            return;
        }
        did.Add("close");
        await dialog.Leave(dialog.Form.Close);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(true);
    }
}

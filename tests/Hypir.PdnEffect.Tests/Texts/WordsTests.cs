using System.Globalization;
using System.Text.RegularExpressions;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.PdnEffect.Tests.Texts;

/// <summary>Both languages say everything.</summary>
[TestClass]
public sealed partial class WordsTests
{
    private static readonly ViewModel.Texts.Words English = ViewModel.Texts.Words.For(CultureInfo.InvariantCulture);

    [TestMethod]
    public void Every_language_has_every_phrase_with_the_same_places_and_access_keys()
    {
        string[] phrases = Enum.GetNames<Phrase>();
        foreach (string culture in (string[])["en", "zh-CN"])
        {
            var words = ViewModel.Texts.Words.For(new CultureInfo(culture));
            CollectionAssert.AreEquivalent(phrases, words.Texts.Keys.ToArray(), culture);
            foreach ((string phrase, string text) in words.Texts)
            {
                CollectionAssert.AreEquivalent(Places(English.Texts[phrase]), Places(text), $"{culture}: {phrase}");
                Assert.AreEqual(Key(English.Texts[phrase]), Key(text), $"{culture}: {phrase}");
                Assert.IsFalse(string.IsNullOrWhiteSpace(text), phrase);
            }
        }
    }

    [TestMethod]
    [DataRow("en", false)]
    [DataRow("zh-CN", true)]
    public void Entries_of_the_menu_More_have_access_keys_of_their_own(string culture, bool behind)
    {
        var words = ViewModel.Texts.Words.For(new CultureInfo(culture));
        string[] Of(params Phrase[] phrases) => [.. phrases.Select(phrase => words[phrase])];
        string[] models = [.. Enumerable.Range(1, 3).Select(number => words.Of(Phrase.GetModel, number, "Title"))];
        foreach (string[] menu in (string[][])
            [[.. Of(Phrase.SaveCopy, Phrase.AddModel, Phrase.GpuUse, Phrase.PresetSave, Phrase.PresetDelete, Phrase.Help), .. models],
                Of(Phrase.CopyToFile2, Phrase.CopyToFile4, Phrase.CopyToClipboard2, Phrase.CopyToClipboard4)])
        {
            string[] keys = [.. menu.Select(Key)];
            Assert.IsFalse(keys.Contains(""), $"{culture}: {string.Join(", ", menu)}");
            CollectionAssert.AllItemsAreUnique(keys, culture);
            foreach (string entry in menu)
                Assert.AreEqual(behind, entry.TrimEnd('…').EndsWith($"(&{Key(entry)})", StringComparison.Ordinal), entry);
        }
    }

    [TestMethod]
    [DataRow("zh", "zh-Hans")]
    [DataRow("zh-CN", "zh-Hans")]
    [DataRow("zh-Hans-SG", "zh-Hans")]
    [DataRow("zh-TW", "en")]
    [DataRow("zh-Hant-HK", "en")]
    [DataRow("de-DE", "en")]
    [DataRow("", "en")]
    public void Simplified_Chinese_is_for_those_who_read_it(string culture, string language) =>
        Assert.AreEqual(language, ViewModel.Texts.Words.For(new CultureInfo(culture)).Language);

    [TestMethod]
    public void Plans_and_progress_are_sentences()
    {
        PlanAnswer plan = new()
        {
            Model = "m",
            Device = "cpu",
            Precision = RequestPrecision.Float32,
            OutputWidth = 1,
            OutputHeight = 1,
            Tile = 512,
            Stride = 256,
            Tiles = 165,
            MemoryBytes = 3_100_000_000,
            FreeMemoryBytes = 1L << 40,
            Fits = true,
            Seconds = 58 * 60,
            Loaded = false,
        };
        Assert.AreEqual(
            "165 tiles, about 58 minutes on CPU, 3.1 GB of memory; about 2 minutes on your GPU",
            PlanWords.Of(English, plan, plan with { Device = "cuda:0", Seconds = 120 }));
        Assert.AreEqual(
            "1 tile, time on CPU not measured yet, 3.1 GB of memory; more memory than is free: will run in smaller steps",
            PlanWords.Of(English, plan with { Tiles = 1, Seconds = null, Fits = false }, null));
        Assert.AreEqual(
            "165 个图块，用 CPU 需约 58 分钟，内存 3.1 GB；用显卡需约 2 分钟",
            PlanWords.Of(ViewModel.Texts.Words.For(new CultureInfo("zh-CN")), plan, plan with { Device = "cuda:0", Seconds = 120 }));
        StringAssert.EndsWith(PlanWords.Of(English, plan, null, offersGpu: true), "; your GPU can be used: More > Use the GPU");
        Assert.AreEqual(
            "Restoring, tile 3 of 9, about 25 seconds left", ProgressWords.Of(English, new("", JobState.Restoring, 0.3, 2, 9, 21)));
        Assert.AreEqual(
            "Model: 1.5 GB of 3 GB, about 2 hours left",
            ProgressWords.Of(
                English, "Model", new DownloadReport("", "m", "f", DownloadStep.Receiving, 1_500_000_000, 3_000_000_000, 1, 7200))
        );
    }

    [TestMethod]
    [DataRow(424_000_000L, 0L, "0.42")]
    [DataRow(3_100_000_000L, 0L, "3.1")]
    [DataRow(700_000_000L, 5_300_000_000L, "5.3")]
    public void The_memory_of_a_plan_is_the_figure_that_the_command_line_shows(long host, long gpu, string gigabytes)
    {
        PlanAnswer plan = new()
        {
            Model = "m",
            Device = gpu > 0 ? "cuda:0" : "cpu",
            Precision = RequestPrecision.Float32,
            OutputWidth = 1,
            OutputHeight = 1,
            Tile = 512,
            Stride = 256,
            Tiles = 4,
            MemoryBytes = host,
            GpuMemoryBytes = gpu,
            FreeMemoryBytes = 1L << 40,
            Fits = true,
            Seconds = 3.5 * 86400,
            Loaded = false,
        };
        StringAssert.EndsWith(PlanWords.Of(English, plan, null), $", {gigabytes} GB of memory");
        StringAssert.Contains(PlanWords.Of(English, plan, null), "about 3.5 days on ");
    }

    [TestMethod]
    public void What_the_engine_tells_while_it_runs_is_said_in_the_dialogs_language()
    {
        Assert.AreEqual("引擎意外结束，已重新启动。", ProgressWords.Of(Language.Chinese, new("", JobState.Queued, Note: "It ended.")));
        Assert.AreEqual("内存不足：改为分更小的步骤继续。", ProgressWords.Of(Language.Chinese, new("", JobState.Loading, Note: "Memory did not suffice.")));
        var waiting = new DownloadReport("", "m", "f", DownloadStep.WaitingToRetry, 0, Trouble: "It is busy.");
        Assert.AreEqual("模型：等待重试", ProgressWords.Of(Language.Chinese, "模型", waiting));
        Assert.AreEqual("It is busy.", ProgressWords.Of(English, "Model", waiting));
    }

    [TestMethod]
    public void What_a_result_had_to_make_do_with_is_told_from_what_was_carried_out()
    {
        var asked = new RestoreRequest
        {
            Width = 1,
            Height = 1,
            Layout = PixelLayout.Bgra32,
            Device = "cuda",
            Tile = 512,
        };
        JobResult Did(RestoreRequest request, params string[] notes) =>
            new()
            {
                JobId = "",
                Pixels = "",
                Width = 1,
                Height = 1,
                Layout = PixelLayout.Bgra32,
                Notes = notes,
                CarriedOut = request,
            };
        Assert.IsEmpty(Note.Of(asked, Did(asked), 0));
        CollectionAssert.AreEqual(
            (Note[])[new(Phrase.NotedTile, 256)], Note.Of(asked, Did(asked with { Tile = 256 }, "Memory …"), 0).ToArray());
        CollectionAssert.AreEqual(
            (Note[])[new(Phrase.EngineRestarted), new(Phrase.NotedCpu), new(Phrase.NotedPrecision, RequestPrecision.Bfloat16)],
            Note.Of(asked, Did(asked with { Tile = null, Device = "cpu", Precision = RequestPrecision.Bfloat16 }, "Memory …"), 1).ToArray()
        );
        CollectionAssert.AreEqual((Note[])[new(Phrase.NotedWider)], Note.Of(asked, Did(asked, "UNet: 1 tile …"), 0).ToArray());
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal)];

    private static string Key(string text) =>
        text.IndexOf('&', StringComparison.Ordinal) is >= 0 and int at ? char.ToUpperInvariant(text[at + 1]).ToString() : "";

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}

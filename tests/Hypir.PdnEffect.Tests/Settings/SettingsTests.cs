using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.Tests.Settings;

/// <summary>What is kept from one start of the editor to the next.</summary>
[TestClass]
public sealed class SettingsTests
{
    private static readonly EngineAccess Nobody = new(null, "hypir-nobody");
    private string _folder = "";

    private string File => Path.Combine(_folder, "deeper", "settings.json");

    [TestInitialize]
    public void Begin() => _folder = Directory.CreateTempSubdirectory("hypir-settings-").FullName;

    [TestCleanup]
    public void End() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void They_come_back_but_for_the_prompt()
    {
        var file = new SettingsFile(File);
        UserSettings kept = new()
        {
            Settings = new()
            {
                Model = "mine",
                Scale = 2,
                Seed = 7,
                CoeffT = 150,
                Tile = 256,
                Precision = RequestPrecision.Bfloat16,
                Device = "cpu",
            },
            Strength = 40,
            Advanced = true,
            Presets = [new("眼睛", 30, 100, new() { Model = "mine" })],
        };
        Assert.IsTrue(file.Save(kept with { Settings = kept.Settings with { Prompt = "a secret" } }));
        UserSettings read = file.Load();
        Assert.AreEqual(kept.Settings, read.Settings);
        Assert.AreEqual((40, true), (read.Strength, read.Advanced));
        CollectionAssert.AreEqual(kept.Presets.ToArray(), read.Presets.ToArray());
        Assert.DoesNotContain("secret", System.IO.File.ReadAllText(File));
        CollectionAssert.AreEqual((string[])[File], Directory.GetFiles(Path.GetDirectoryName(File)!), "Nothing is left beside it.");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("null")]
    [DataRow("""{"Strength": 400}""")]
    [DataRow("""{"Settings": {"Scale": 9}}""")]
    [DataRow("""{"Settings": {"Precision": "Wide"}}""")]
    [DataRow("""{"Presets": [null]}""")]
    public void A_damaged_file_is_no_file(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);
        UserSettings read = new SettingsFile(File).Load();
        Assert.AreEqual(new RestorationSettings(), read.Settings);
        Assert.AreEqual(100, read.Strength);
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_no_error()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "deeper"), "a file where the folder should be");
        Assert.IsFalse(new SettingsFile(File).Save(new()));
    }

    [TestMethod]
    public void A_preset_that_holds_the_same_as_another_is_the_one_that_was_chosen()
    {
        using var ui = new UiThread();
        using var model = new RestoreViewModel(new TestLayer(9, 9), Nobody, ui, Language.English, new SettingsFile(File));
        model.LoadSaved(fresh: true);
        model.SavePreset("Mine");
        Assert.AreEqual("Mine", model.Current?.Name);
        model.ApplyPreset(Preset.Given[1]);
        Assert.AreEqual("Standard", model.NameOf(model.Current!));
        model.ApplyPreset(model.Presets[^1]);
        Assert.IsTrue(model.IsOwn(model.Current), "It could not be deleted.");
        model.DeletePreset(model.Current!);
        Assert.AreEqual("Standard", model.NameOf(model.Current!));
    }

    [TestMethod]
    public void Presets_are_used_saved_found_again_and_deleted()
    {
        using var ui = new UiThread();
        using (var model = new RestoreViewModel(new TestLayer(9, 9), Nobody, ui, Language.English, new SettingsFile(File)))
        {
            model.LoadSaved(fresh: true);
            Assert.IsFalse(System.IO.File.Exists(File), "Opening a dialog keeps nothing.");
            Assert.AreEqual("Standard", model.NameOf(model.Current!));
            model.Choose(model.Settings with { Prompt = "p", Seed = 3 });
            model.ApplyPreset(Preset.Given[0]);
            Assert.AreEqual((60, 150, "p", 3L), (model.Strength, model.Settings.CoeffT, model.Settings.Prompt, model.Settings.Seed));
            Assert.AreEqual("Gentle", model.NameOf(model.Current!));
            model.Choose(model.Settings with { Scale = 2, Tile = 256 });
            model.Blend(33);
            Assert.IsNull(model.Current);
            model.SavePreset("  ");
            Assert.HasCount(3, model.Presets);
            model.SavePreset(" Mine ");
            Assert.AreEqual("Mine", model.NameOf(model.Current!));
            Assert.IsTrue(model.IsOwn(model.Current) && !model.IsOwn(Preset.Given[0]));
            model.Remember();
        }
        using var next = new RestoreViewModel(new TestLayer(9, 9), Nobody, ui, Language.English, new SettingsFile(File));
        next.LoadSaved(fresh: false);
        Assert.AreEqual(100, next.Strength, "The editor's own token stands above what was kept.");
        next.LoadSaved(fresh: true);
        Assert.AreEqual((33, 256, ""), (next.Strength, next.Settings.Tile, next.Settings.Prompt));
        next.ApplyPreset(Preset.Given[1]);
        Assert.AreEqual((100, (int?)null, 256), (next.Strength, next.Settings.CoeffT, next.Settings.Tile));
        Preset mine = next.Presets.Single(preset => preset.Name == "Mine");
        next.ApplyPreset(mine);
        Assert.AreEqual(33, next.Strength);
        next.DeletePreset(mine);
        Assert.HasCount(3, new SettingsFile(File).Load().Presets.Concat(next.Presets).ToArray());
    }
}

using System.Globalization;
using Hypir.Models.Download;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>Every failure has its words, and what helps stands in the diagnostics.</summary>
[TestClass]
public sealed class FailureTests
{
    private static readonly EngineAccess Access = new(new("/opt/hypir/hypir"), "pipe");

    [TestMethod]
    [DataRow("en", ".")]
    [DataRow("zh-CN", "。")]
    public void Each_code_of_the_protocol_has_its_own_words_and_an_action(string culture, string stop)
    {
        var words = Words.For(new CultureInfo(culture));
        Failure[] failures =
        [
            .. Enum.GetValues<EngineError>()
                .Select(error =>
                    Failure.Of(
                        new EngineException(error, "Told by it.", new("Do so.", "tile", Version: "1", Cause: "wrongHash")), Access, words)
                ),
        ];
        CollectionAssert.AllItemsAreUnique(failures.Select(failure => failure.Message).ToArray());
        foreach (Failure failure in failures)
        {
            Assert.IsTrue(
                failure.Message.EndsWith(stop, StringComparison.Ordinal) && failure.Action.EndsWith(stop, StringComparison.Ordinal),
                $"{failure.Message} {failure.Action}");
            Assert.DoesNotContain("{", failure.Message);
            StringAssert.Contains(failure.Diagnostics, "Told by it. Do so.");
            if (!words.AreTheEngines)
                Assert.DoesNotContain("Told", failure.Message);
        }
    }

    [TestMethod]
    public void What_the_engine_knows_more_is_said_where_it_is_the_dialogs_language()
    {
        var told = new EngineException(EngineError.BadRequest, "--tile must be a multiple of 8, not 3.", new("Choose 8.", "tile"));
        Failure english = Failure.Of(told, Access, Language.English),
            chinese = Failure.Of(told, Access, Language.Chinese);
        Assert.AreEqual(
            ("The engine cannot use this setting: Tile. --tile must be a multiple of 8, not 3.", "Choose 8."),
            (english.Message, english.Action));
        Assert.AreEqual("引擎无法使用此设置：图块。", chinese.Message);
        Assert.AreEqual(
            "下载失败：服务器上没有该文件。",
            Failure.Of(new EngineException(EngineError.DownloadFailed, "404", new(Cause: "notFound")), Access, Language.Chinese).Message);
    }

    [TestMethod]
    public void Each_cause_of_a_download_that_fails_has_words()
    {
        // A disk that is full is an error of its own.
        foreach (
            DownloadErrorKind kind in Enum.GetValues<DownloadErrorKind>()
                .Except([DownloadErrorKind.DiskFull, DownloadErrorKind.CannotWrite])
        )
            Assert.IsTrue(Enum.TryParse<Phrase>($"Cause{kind}", out _), $"{kind}");
    }

    [TestMethod]
    public void What_fails_on_this_side_has_words_too()
    {
        Exception[] all =
        [
            new InsufficientMemoryException(), new ImageTooLargeException(), new CopyException(new IOException("x")), new IOException("x"),
            new ArgumentException("x"),
        ];
        foreach (Words words in (Words[])[Language.English, Language.Chinese])
            CollectionAssert.AllItemsAreUnique(all.Select(failure => Failure.Of(failure, Access, words).Message).ToArray());
        StringAssert.Contains(Failure.Of(all[0], Access, Language.English).Action, "smaller");
        StringAssert.Contains(Failure.Of(all[1], Access, Language.English).Action, "smaller");
        StringAssert.Contains(Failure.Of(all[2], Access, Language.English).Action, "folder");
    }

    [TestMethod]
    public void Of_another_version_says_which()
    {
        Failure failure = Failure.Of(
            new EngineException(EngineError.VersionMismatch, "no", new(Protocol: 7, Version: "9.8.7")), Access, Language.English);
        StringAssert.Contains(failure.Message, "9.8.7");
    }

    [TestMethod]
    public void Diagnostics_hold_the_engines_last_words_and_no_name_of_the_user()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var failure = Failure.Of(
            new EngineException(EngineError.EngineCrashed, "gone", inner: new IOException($"{home}/x"))
            {
                Ends = [new(139, ["last line"])],
            },
            Access,
            Language.English
        );
        foreach (string needed in (string[])["102 EngineCrashed", "exit code 139", "last line", "/opt/hypir/hypir", "protocol 1", ".NET"])
            StringAssert.Contains(failure.Diagnostics, needed);
        Assert.DoesNotContain(home, failure.Diagnostics);
    }
}

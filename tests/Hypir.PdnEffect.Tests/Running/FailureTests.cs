using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.Protocol;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>Every failure has its words, and what helps stands in the diagnostics.</summary>
[TestClass]
public sealed class FailureTests
{
    private static readonly EngineAccess Access = new(new("/opt/hypir/hypir"), "pipe");

    [TestMethod]
    public void Each_has_its_own_words_and_an_action()
    {
        // What the person's own request is at fault for, and what is nobody's, speak with the engine's words.
        EngineError[] own = [.. Enum.GetValues<EngineError>().Except([EngineError.Internal, EngineError.BadRequest, EngineError.ShuttingDown])];
        Failure[] failures = [.. own.Select(error => Failure.Of(new EngineException(error, $"told {error}"), Access, Language.English))];
        foreach (Failure failure in failures)
            Assert.IsTrue(failure.Message.EndsWith('.') || failure.Message.Contains("told", StringComparison.Ordinal), failure.Message);
        CollectionAssert.AllItemsAreUnique(failures.Select(failure => failure.Message).ToArray());
        Assert.IsTrue(failures.All(failure => failure.Action.Length > 10 && failure.Action.EndsWith('.')));
        StringAssert.Contains(Failure.Of(new InsufficientMemoryException(), Access, Language.English).Action, "smaller");
        StringAssert.Contains(Failure.Of(new PictureTooLargeException(), Access, Language.English).Action, "smaller");
    }

    [TestMethod]
    public void Of_another_version_says_which()
    {
        Failure failure = Failure.Of(new EngineException(EngineError.VersionMismatch, "no", new(Protocol: 7, Version: "9.8.7")), Access, Language.English);
        StringAssert.Contains(failure.Message, "9.8.7");
    }

    [TestMethod]
    public void Diagnostics_hold_the_engines_last_words_and_no_name_of_the_user()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var failure = Failure.Of(new EngineException(EngineError.EngineCrashed, "gone", inner: new IOException($"{home}/x")) { Ends = [new(139, ["last line"])] }, Access, Language.English);
        foreach (string needed in (string[])["102 EngineCrashed", "exit code 139", "last line", "/opt/hypir/hypir", "protocol 1", ".NET"])
            StringAssert.Contains(failure.Diagnostics, needed);
        Assert.DoesNotContain(home, failure.Diagnostics);
    }
}

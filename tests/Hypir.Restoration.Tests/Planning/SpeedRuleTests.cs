using Hypir.Planning;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>One rule says which measurements are kept, for the command line and the engine.</summary>
[TestClass]
public sealed class SpeedRuleTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-speeds").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_short_measurement_of_a_small_image_is_kept_only_until_there_is_a_better_one()
    {
        var book = new SpeedBook(Path.Combine(_folder, "speeds.json"));
        RestorePlan small = Plan(64, new()), large = Plan(512, new());
        book.Learn(small, SpeedOf(small, seconds: 0.5));
        book.Learn(small, SpeedOf(small, seconds: 0.25));
        Assert.AreEqual(SpeedOf(small, 0.5), book.Read().Single(), "Neither is better than the other.");
        book.Learn(large, SpeedOf(large, seconds: 0.5));
        Assert.AreEqual(SpeedOf(large, 0.5), book.Read().Single(), "A whole tile says more.");
        book.Learn(small, SpeedOf(small, seconds: 1.5));
        Assert.AreEqual(SpeedOf(large, 0.5), book.Read().Single(), "On a busy machine even a start takes long.");
    }

    [TestMethod]
    public void Each_mode_has_a_speed_of_its_own()
    {
        var book = new SpeedBook(Path.Combine(_folder, "speeds.json"));
        RestorePlan reference = Plan(64, new() { Mode = RestoreMode.Reference }), fast = Plan(64, new());
        book.Learn(reference, SpeedOf(reference, seconds: 9));
        book.Learn(fast, SpeedOf(fast, seconds: 0.1));
        Assert.HasCount(2, book.Read(), "Reference mode's speed says nothing about fast mode's.");
    }

    [TestMethod]
    public void Speeds_with_unmerged_weights_are_not_kept()
    {
        var book = new SpeedBook(Path.Combine(_folder, "speeds.json"));
        RestorePlan plan = Plan(512, new() { Mode = RestoreMode.Reference, Unmerged = true });
        book.Learn(plan, SpeedOf(plan, seconds: 9));
        Assert.IsEmpty(book.Read());
    }

    private static RestorePlan Plan(int side, RestoreOptions options) => Machine.Plan(Machine.Nano, options, side, side);

    private static MeasuredSpeed SpeedOf(RestorePlan plan, double seconds) =>
        new(plan.Compute.Device, plan.Compute.UNet, plan.Model.Name, plan.Operations / seconds, plan.Options.Mode);
}

using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Memory that runs out within a stage, as libtorch reports it.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class MemoryTests : ServeTest
{
    // Tiles of at most 128 pixels, of which two cover 176 with the model's overlap: as even as they can be, they have 96.
    private const int Smaller = 96;

    // Larger than the smallest tile, so that there is a smaller one to take.
    private static RestoreRequest Large => Request(176, 144);

    [TestMethod]
    [DataRow(RestoreStage.Encoding)]
    [DataRow(RestoreStage.Restoring)]
    [DataRow(RestoreStage.Decoding)]
    [DataRow(RestoreStage.Finishing)]
    public async Task The_job_goes_on_with_smaller_tiles_as_if_it_had_been_planned_so(RestoreStage stage)
    {
        EngineClient client = Client(location: Faulty(stage, "1", "cpu"));
        using RestoredPixels result = await client.RestoreAsync(Large, Pixels(Large));
        Assert.AreEqual(Smaller, result.Result.CarriedOut.Tile);
        StringAssert.Contains(result.Result.Notes.Single(), $" {Smaller} pixels");
        Assert.AreEqual(Smaller, (await client.PlanAsync(result.Result.CarriedOut)).Tile, "What was said is what is executed.");
        long live = (await client.GetStatusAsync()).LiveTensors;
        using RestoredPixels planned = await client.RestoreAsync(result.Result.CarriedOut, Pixels(Large));
        Assert.IsEmpty(planned.Result.Notes);
        CollectionAssert.AreEqual(Bytes(planned), Bytes(result));
        Assert.AreEqual(live, (await client.GetStatusAsync()).LiveTensors, "Nothing half-made was left alive.");
    }

    [TestMethod]
    public async Task Where_memory_does_not_come_back_the_engine_is_replaced_and_the_person_sees_one_job()
    {
        EngineClient client = Client(location: Faulty(RestoreStage.Restoring, "1", "gpu"));
        Welcome first = await client.ConnectAsync();
        var told = new Told<JobProgress>();
        using RestoredPixels result = await client.RestoreAsync(Large, Pixels(Large), told);
        Assert.AreNotEqual(first.ProcessId, (await client.ConnectAsync()).ProcessId);
        Assert.AreEqual(Smaller, result.Result.CarriedOut.Tile);
        Assert.IsEmpty(result.Ends, "This is no crash.");
        Assert.AreEqual(1, told.All.Count(progress => progress.State == JobState.Done));
        using RestoredPixels planned = await client.RestoreAsync(result.Result.CarriedOut, Pixels(Large));
        CollectionAssert.AreEqual(Bytes(planned), Bytes(result));
    }

    [TestMethod]
    public async Task When_nothing_helps_the_job_fails_and_the_next_one_works()
    {
        EngineClient client = Client(location: Faulty(RestoreStage.Restoring, "always", "cpu"));
        var told = new Told<JobProgress>();
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => client.RestoreAsync(Large, Pixels(Large), told));
        Assert.AreEqual(EngineError.OutOfMemory, failure.Error);
        string[] steps = [.. told.All.Select(progress => progress.Note).OfType<string>()];
        Assert.HasCount(3, steps, string.Join('\n', steps)); // smaller tiles; a narrower type; smaller tiles in that
        StringAssert.Contains(steps[1], "Bfloat16");
        await RestoreAsync(client, Large with { Strength = 0 });
    }

    [TestMethod]
    public async Task What_a_request_does_not_allow_is_not_done()
    {
        EngineClient client = Client(location: Faulty(RestoreStage.Restoring, "always", "cpu"));
        var told = new Told<JobProgress>();
        await Assert.ThrowsExactlyAsync<EngineException>(() =>
            client.RestoreAsync(Large with { AllowNarrower = false }, Pixels(Large), told)
        );
        Assert.HasCount(1, told.All.Select(progress => progress.Note).OfType<string>().ToArray());
    }

    [TestMethod]
    public async Task A_plan_that_does_not_fit_is_made_smaller_before_anything_is_computed()
    {
        // A tile that was asked for is kept as long as it fits; without one the plan itself would be smaller.
        RestoreRequest whole = Large with { Tile = 512 };
        PlanAnswer small = await Client().PlanAsync(Large with { Tile = 128 }), large = await Client().PlanAsync(whole);
        Assert.IsLessThan(large.MemoryBytes, small.MemoryBytes);
        await Client().ShutdownAsync();
        long between = (small.MemoryBytes + large.MemoryBytes) / 2 >> 20;
        EngineClient client = Client(location: Location with { ServeArguments = ["--memory-limit", $"{between}M"] });
        Assert.IsTrue((await client.PlanAsync(Large)).Fits);
        Assert.IsFalse((await client.PlanAsync(whole)).Fits);
        using RestoredPixels result = await client.RestoreAsync(whole, Pixels(Large));
        Assert.AreEqual(Smaller, result.Result.CarriedOut.Tile);
    }
}

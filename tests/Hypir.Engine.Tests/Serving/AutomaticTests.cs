using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Where a request leaves the model to the engine, what the image shows chooses it.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class AutomaticTests : ServeTest
{
    private const int Side = 160;

    private static readonly byte[] Sharp = Discs.Samples(Side, 0.3), Blurred = Discs.Samples(Side, 4);

    private static RestoreRequest Asked(string model = "auto") =>
        new() { Width = Side, Height = Side, Layout = PixelLayout.Rgb24, Model = model };

    [TestMethod]
    public async Task The_image_chooses_the_model_and_the_result_is_that_models()
    {
        EngineClient client = Client();
        ModelEntry first = (await client.ListModelsAsync()).Models[0];
        Assert.AreEqual(("auto", ModelState.Ready), (first.Name, first.State));
        foreach ((byte[] image, string model, string ground) in
            ((byte[], string, string)[])[(Sharp, "faithful", "no damage"), (Blurred, "vivid", "strong blur")])
        {
            using RestoredPixels chosen = await RestoreAsync(client, Asked(), image);
            using RestoredPixels named = await RestoreAsync(client, Asked(model), image);
            Assert.AreEqual(model, chosen.Result.CarriedOut.Model);
            CollectionAssert.AreEqual((string[])[ground], chosen.Result.Grounds!.ToArray());
            Assert.IsNull(named.Result.Grounds);
            Assert.IsEmpty(chosen.Result.Notes);
            CollectionAssert.AreEqual(Bytes(named), Bytes(chosen), model);
        }
    }

    [TestMethod]
    public async Task Enlarging_takes_the_network_that_makes_up_detail()
    {
        EngineClient client = Client();
        RestoreRequest twice = Asked() with { Upscale = 2 };
        Assert.AreEqual(
            (await client.PlanAsync(twice with { Model = "vivid" })).Model, (await client.PlanAsync(twice)).Model);
        using RestoredPixels result = await RestoreAsync(client, twice, Sharp);
        Assert.AreEqual("vivid", result.Result.CarriedOut.Model);
        CollectionAssert.AreEqual((string[])["no damage", "enlarged"], result.Result.Grounds!.ToArray());
    }

    /// <summary>The rest of the image says nothing of a face that is selected in it.</summary>
    [TestMethod]
    public async Task The_part_that_is_restored_chooses()
    {
        const int Rows = 2 * Side;
        EngineClient client = Client();
        RestoreRequest whole = Asked() with { Height = Rows, Model = "auto" };
        byte[] both = [.. Sharp, .. Blurred];
        foreach ((int top, string model) in ((int, string)[])[(0, "faithful"), (Side + 40, "vivid")])
        {
            RestoreRequest part = whole with { Area = new(0, top, Side, Side - 40) };
            using RestoredPixels result = await RestoreAsync(client, part, both);
            Assert.AreEqual(model, result.Result.CarriedOut.Model, string.Join(", ", result.Result.Grounds!));
        }
    }

    /// <summary>A client that has the JPEG file knows what the pixels may not show.</summary>
    [TestMethod]
    public async Task The_quality_of_the_file_is_believed()
    {
        using RestoredPixels result = await RestoreAsync(Client(), Asked() with { JpegQuality = 30 }, Sharp);
        CollectionAssert.Contains(result.Result.Grounds!.ToArray(), "strong compression");
    }

    private static Task<RestoredPixels> RestoreAsync(EngineClient client, RestoreRequest request, byte[] image) => client.RestoreAsync(
        request, (row, rows) => image.AsSpan(row * 3 * Side, rows.Length).CopyTo(rows), null, default);
}

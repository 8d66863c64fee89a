using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Ui.Tests;

/// <summary>Models that are downloaded and added in the window, with the built engine.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ModelTests : UiTest
{
    private protected override UiSettings Settings => base.Settings with { Engine = Engine };

    [TestMethod]
    public async Task A_model_is_downloaded_after_its_license_was_accepted()
    {
        await using var server = new FileServer(OwnList.Weights);
        server.Finish();
        OwnList.Write(Folder[BuiltProgram.Home], server.Address);
        HttpClient client = await OpenAsync(await StartAsync());
        JsonElement offered = Model(await UntilAsync(client, state => Model(state, OwnList.Name) is not null), OwnList.Name)!.Value;
        Assert.AreEqual("available", offered.GetProperty("state").GetString());
        Assert.AreEqual(OwnList.Weights.Length, offered.GetProperty("downloadBytes").GetInt32());

        await PostAsync(client, $"models/{OwnList.Name}/download", null);
        JsonElement refused = await UntilAsync(client, state => HasFailed(state, OwnList.Name));
        Assert.AreEqual("LicenceNeeded", Transfer(refused, OwnList.Name)!.Value.GetProperty("failure").GetProperty("code").GetString());

        JsonElement license = await client.GetFromJsonAsync<JsonElement>("licenses/fair");
        StringAssert.Contains(license.GetProperty("text").GetString(), "Do with it what is fair.");
        using (HttpResponseMessage other = await client.PostAsJsonAsync("licenses/fair", new { sha256 = new string('0', 64) }))
            Assert.AreEqual(HttpStatusCode.BadRequest, other.StatusCode, "Something else was read.");
        await PostAsync(client, "licenses/fair", new { sha256 = license.GetProperty("sha256").GetString() });
        await PostAsync(client, $"models/{OwnList.Name}/download", null);
        JsonElement ready = await UntilAsync(client, state => IsReady(state, OwnList.Name) && Transfer(state, OwnList.Name) is null);
        Assert.IsTrue(Model(ready, OwnList.Name)!.Value.GetProperty("licenses")[0].GetProperty("accepted").GetBoolean());

        string id = await AddAsync(client, MakeImage("a.png", 32, 24));
        await PostAsync(client, $"images/{id}/restore", new { choice = new { model = OwnList.Name, upscale = 2 } });
        Assert.AreEqual("done", (await SettledAsync(client, id)).GetProperty("state").GetString());
    }

    [TestMethod]
    public async Task A_file_of_ones_own_becomes_a_model_and_what_is_none_is_refused()
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window);
        using (HttpResponseMessage answer = await SendAsync(client, OwnList.Weights, "My Net (2).safetensors"))
            Assert.AreEqual(HttpStatusCode.NoContent, answer.StatusCode);
        await UntilAsync(client, state => IsReady(state, "my-net--2"));

        using (HttpResponseMessage answer = await SendAsync(client, OwnList.Weights, "notes.txt"))
        {
            Assert.AreEqual(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.AreEqual("NoModelFile", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        using (HttpResponseMessage answer = await SendAsync(client, new byte[1000], "broken.pth"))
            Assert.AreEqual(HttpStatusCode.NoContent, answer.StatusCode);
        JsonElement failed = await UntilAsync(client, state => HasFailed(state, "broken.pth"));
        Assert.IsNull(Model(failed, "broken"));
        await PostAsync(client, "models/broken.pth/stop", null);
        await UntilAsync(client, state => Transfer(state, "broken.pth") is null);
        // No file that was sent is left.
        await Polling.UntilAsync(() => Directory.GetFiles(window.PrivateFolder, "*-weights*").Length == 0);
    }

    [TestMethod]
    public async Task A_file_that_is_too_large_is_refused_with_what_to_do()
    {
        UiServer window = await StartAsync(Settings with { MaxUploadBytes = 1000 });
        HttpClient client = await OpenAsync(window);
        using HttpResponseMessage answer = await SendAsync(client, new byte[1001], "large.pth");
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        JsonElement refusal = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.AreEqual("ModelTooLarge", refusal.GetProperty("code").GetString());
        StringAssert.Contains(refusal.GetProperty("remedy").GetString(), "hypir models add");
        Assert.IsEmpty(Directory.GetFiles(window.PrivateFolder, "*-weights*"));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, byte[] file, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "model-files")
        {
            Content = new ByteArrayContent(file),
            Headers = { { "X-File-Name", Uri.EscapeDataString(name) } },
        };
        return await client.SendAsync(request, TestContext.CancellationToken);
    }

    private static bool IsReady(JsonElement state, string name) => Model(state, name)?.GetProperty("ready").GetBoolean() is true;

    private static bool HasFailed(JsonElement state, string name) => Transfer(state, name)?.TryGetProperty("failure", out _) is true;

    private static JsonElement? Model(JsonElement state, string name) => !state.TryGetProperty("models", out JsonElement models) ? null
        : models.EnumerateArray().Where(model => model.GetProperty("name").GetString() == name).Select(model => (JsonElement?)model)
            .FirstOrDefault();

    private static JsonElement? Transfer(JsonElement state, string name) =>
        state.GetProperty("transfers").TryGetProperty(name, out JsonElement transfer) ? transfer : null;
}

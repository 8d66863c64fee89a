using System.Diagnostics;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>docs/protocol.md is enough to write a client in another language: docs/examples/client.py.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class PythonTests : ServeTest
{
    [TestMethod]
    public async Task The_example_restores_an_image()
    {
        RestoreRequest request = Request(70, 50, PixelLayout.Rgb24);
        EngineClient client = Client();
        byte[] expected = await RestoreAsync(client, request);
        var pixels = new byte[expected.Length];
        Pixels(request)(0, pixels);
        File.WriteAllBytes(In("in.ppm"), [.. "P6\n70 50\n255\n"u8, .. pixels]);
        var start = new ProcessStartInfo(
            "python3", [Path.Combine(Repository.Root, "docs", "examples", "client.py"), In("in.ppm"), In("out.ppm"), Pipe])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process python = TryStart(start);
        string output = await python.StandardOutput.ReadToEndAsync(TestContext.CancellationToken),
            errors = await python.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        await python.WaitForExitAsync(TestContext.CancellationToken);
        Assert.AreEqual(0, python.ExitCode, output + errors);
        CollectionAssert.AreEqual((byte[])[.. "P6\n70 50\n255\n"u8, .. expected], File.ReadAllBytes(In("out.ppm")));
        StringAssert.Contains(output, "decoding");
        Assert.IsEmpty(PixelFiles());
    }

    [TestMethod]
    public void The_documents_list_every_error()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));
        foreach (EngineError error in Enum.GetValues<EngineError>())
            StringAssert.Contains(document, $"| {(int)error} | {error} |");
        foreach (var method in typeof(IEngine).GetMethods())
            StringAssert.Contains(
                document, $"`{char.ToLowerInvariant(method.Name[0])}{method.Name[1..].Replace("Async", "", StringComparison.Ordinal)}`");
        foreach (var field in typeof(RestoreRequest).GetProperties().Where(property => property.CanWrite))
            StringAssert.Contains(document, $"`{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}`");
    }

    private static Process TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("There is no Python here.");
            throw;
        }
    }
}

using System.Diagnostics;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Other users of the same machine. They are played by the user nobody, which needs root.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class OtherUserTests : ServeTest
{
    [TestInitialize]
    public void NeedRoot()
    {
        OtherUser.Require();
        if (!File.Exists("/usr/bin/python3"))
            Assert.Inconclusive("The other user's programs are written in Python.");
    }

    [TestMethod]
    public async Task A_program_of_another_user_under_the_engines_name_is_sent_nothing()
    {
        using Process foreign = AsNobody("""
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print("ready", flush=True)
            c, _ = s.accept(); c.settimeout(5); print(len(c.recv(1000)), flush=True)
            """);
        Assert.AreEqual("ready", foreign.StandardOutput.ReadLine());
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => Client().ConnectAsync());
        Assert.AreEqual(EngineError.ForeignPipe, failure.Error);
        Assert.AreEqual("0", foreign.StandardOutput.ReadLine(), "Not one byte was sent.");
        foreign.WaitForExit();
    }

    [TestMethod]
    public async Task A_client_of_another_user_is_refused_and_cannot_look_into_the_folder()
    {
        EngineClient client = Client();
        Welcome welcome = await client.ConnectAsync();
        using Process foreign = AsNobody("""
            import os, socket, struct, sys
            message = b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"other"}}'
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(sys.argv[1]); s.settimeout(10); s.sendall(struct.pack("<I", len(message)) + message)
                print(len(s.recv(1000)))
            except (PermissionError, ConnectionError): print("refused")
            try: print(os.listdir(sys.argv[2]))
            except PermissionError: print("refused")
            """, welcome.PixelFolder);
        string? answer = await foreign.StandardOutput.ReadLineAsync(TestContext.CancellationToken);
        Assert.IsTrue(answer is "0" or "refused", answer);
        Assert.AreEqual("refused", await foreign.StandardOutput.ReadLineAsync(TestContext.CancellationToken));
        await RestoreAsync(client, Request());
    }

    private Process AsNobody(string script, params string[] more)
    {
        string path = Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + Pipe);
        var start = OtherUser.Call(["/usr/bin/python3", "-c", script, path, .. more]);
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = "/";
        return Process.Start(start)!;
    }
}

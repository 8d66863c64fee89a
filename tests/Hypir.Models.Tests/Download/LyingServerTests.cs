using System.Text;
using Hypir.Models.Download;
using Hypir.Models.Tests.Support;

namespace Hypir.Models.Tests.Download;

[TestClass]
public sealed class LyingServerTests : DownloadTest
{
    [TestMethod]
    public async Task ConnectionsThatAreCutAreContinued()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes, bytes: 40_000));
        await Get(server.File());
        IsWhole();
        long?[] expected = [null, .. Enumerable.Range(1, 7).Select(i => (long?)(i * 40_000))];
        CollectionAssert.AreEqual(expected, server.Requests.Select(request => request.From).ToArray());
        Assert.IsTrue(server.Requests.Skip(1).All(request => request.IfRange == "\"tag\""));
    }

    [TestMethod]
    public async Task ACutWithoutProgressIsNotTriedForEver()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes, bytes: 10));
        var failure = await Fails(DownloadErrorKind.Connection, () => Get(server.File()));
        StringAssert.Contains(failure.Message, "127.0.0.1");
        Assert.AreEqual(Quick.Tries, server.Requests.Count);
    }

    [TestMethod]
    public async Task AServerThatCannotContinueIsNotTriedForEver()
    {
        await using var server = new TestServer(
            async (_, reply) =>
            {
                await reply.HeadAsync("200 OK", $"Content-Length: {Payload.Bytes.Length}");
                await reply.BodyAsync(Payload.Bytes.AsMemory(0, 100_000));
            }
        );
        await Fails(DownloadErrorKind.Connection, () => Get(server.File()));
        // The first answer was progress; those after it brought nothing new.
        Assert.AreEqual(1 + Quick.Tries, server.Requests.Count);
    }

    [TestMethod]
    public async Task AStalledConnectionIsGivenUpAndContinued()
    {
        await using var server = new TestServer(
            async (request, reply) =>
            {
                await reply.FileAsync(request, Payload.Bytes, bytes: request.Index == 0 ? 50_000 : null);
                if (request.Index == 0)
                    await reply.StallAsync();
            }
        );
        await Get(server.File());
        IsWhole();
        Assert.AreEqual(50_000, server.Requests.Last().From);
    }

    [TestMethod]
    public async Task AServerThatNeverAnswersIsGivenUp()
    {
        await using var server = new TestServer((_, reply) => reply.StallAsync());
        await Fails(DownloadErrorKind.Stalled, () =>
            Get(Quick with { Stall = TimeSpan.FromMilliseconds(100) }, Payload.Bytes.Length, Payload.Sha256, null, server.File())
        );
    }

    [TestMethod]
    public async Task WrongBytesAreThrownAwayAndTheNextSourceIsTried()
    {
        await using var bad = new TestServer((request, reply) => reply.FileAsync(request, Payload.Corrupt(Payload.Bytes.Length - 1)));
        await Fails(DownloadErrorKind.WrongHash, () => Get(bad.File()));
        Assert.AreEqual(0, new FileInfo(Part).Length);
        await using var good = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        Assert.AreEqual(good.File(), (await Get(bad.File(), good.File())).Source);
        IsWhole();
    }

    [TestMethod]
    public async Task BytesOfTwoSourcesThatDoNotFitAreFetchedAgainFromOne()
    {
        await using var bad = new TestServer(
            (request, reply) =>
                request.Index == 0 ? reply.FileAsync(request, Payload.Corrupt(7), bytes: 100_000) : reply.SendAsync("404 Not Found", "")
        );
        await using var good = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        await Get(bad.File(), good.File());
        IsWhole();
        CollectionAssert.AreEqual((long?[])[100_000, null], good.Requests.Select(request => request.From).ToArray());
    }

    [TestMethod]
    public async Task AFileOfAnotherLengthIsRefusedBeforeItComes()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, new Payload(200_000, 2).Bytes));
        var failure = await Fails(DownloadErrorKind.WrongLength, () => Get(server.File()));
        StringAssert.Contains(failure.Message, "200000");
        Assert.AreEqual(1, server.Requests.Count);
    }

    [TestMethod]
    public async Task MoreBytesThanTheFileHasAreRefused()
    {
        await using var server = new TestServer((_, reply) => reply.ChunksAsync((byte[])[.. Payload.Bytes, 0]));
        await Fails(DownloadErrorKind.WrongLength, () => Get(server.File()));
    }

    [TestMethod]
    public async Task FewerBytesThanTheFileHasAreABrokenConnection()
    {
        await using var server = new TestServer((_, reply) => reply.ChunksAsync(Payload.Bytes.AsMemory(0, Payload.Bytes.Length - 1)));
        await Fails(DownloadErrorKind.Connection, () => Get(server.File()));
    }

    [TestMethod]
    public async Task AnEmptyFileIsNone()
    {
        await using var server = new TestServer((_, reply) => reply.SendAsync("200 OK", ""));
        await Fails(DownloadErrorKind.WrongLength, () => GetFile(null, null, server.File()));
    }

    [TestMethod]
    [DataRow("Content-Range: bytes 0-299999/300000", DisplayName = "from the beginning, not from where it was asked for")]
    [DataRow("Content-Range: bytes 99999-299999/300000", DisplayName = "one byte too early")]
    [DataRow("Content-Range: bytes */300000", DisplayName = "without a range")]
    [DataRow("Content-Range: lines 100000-299999/300000", DisplayName = "in another unit")]
    [DataRow("Content-Type: multipart/byteranges; boundary=x", DisplayName = "several ranges")]
    [DataRow("X-Nothing: 1", DisplayName = "without saying which part")]
    public async Task APartOtherThanTheOneAskedForIsNotAppended(string header)
    {
        await using var server = new TestServer(
            (request, reply) =>
                request.Index switch
                {
                    0 => reply.FileAsync(request, Payload.Bytes, bytes: 100_000),
                    _ when request.From is not null => reply.SendAsync(
                        "206 Partial Content", Payload.Bytes.AsMemory(0, 200_000), header, "ETag: \"tag\""),
                    _ => reply.FileAsync(request, Payload.Bytes),
                }
        );
        // Without a hash only this judgement stands between the person and a wrong file.
        await GetFile(Payload.Bytes.Length, null, server.File());
        IsWhole();
        Assert.IsNull(server.Requests.Last().From);
    }

    [TestMethod]
    public async Task APartThatWasNotAskedForIsRefused()
    {
        await using var server = new TestServer(
            (_, reply) => reply.SendAsync("206 Partial Content", Payload.Bytes.AsMemory(1000), "Content-Range: bytes 1000-299999/300000"));
        await Fails(DownloadErrorKind.WrongRange, () => Get(server.File()));
    }

    [TestMethod]
    public async Task TheRightHeaderWithOtherBytesIsFoundByTheHash()
    {
        await using var server = new TestServer(
            (request, reply) =>
                request.From is null
                    ? reply.FileAsync(request, Payload.Bytes, bytes: request.Index == 0 ? 100_000 : null)
                    : reply.SendAsync(
                        "206 Partial Content", Payload.Bytes.AsMemory(0, 200_000), "Content-Range: bytes 100000-299999/300000")
        );
        await Get(server.File());
        IsWhole();
        CollectionAssert.AreEqual((long?[])[null, 100_000, null], server.Requests.Select(request => request.From).ToArray());
    }

    [TestMethod]
    public async Task AFileThatChangedMeanwhileBeginsAgain()
    {
        byte[] old = new Payload(300_000, 2).Bytes;
        await using var server = new TestServer(
            (request, reply) =>
                request.Index == 0 ? reply.FileAsync(request, old, "\"old\"", 100_000) : reply.FileAsync(request, Payload.Bytes, "\"new\"")
        );
        await GetFile(null, null, server.File());
        IsWhole();
        Assert.AreEqual("\"old\"", server.Requests.Last().IfRange);
    }

    [TestMethod]
    public async Task AServerThatContinuesAChangedFileIsNotBelieved()
    {
        byte[] old = new Payload(300_000, 2).Bytes;
        await using var server = new TestServer(
            (request, reply) =>
                request.Index switch
                {
                    0 => reply.FileAsync(request, old, "\"old\"", 100_000),
                    1 => reply.SendAsync(
                        "206 Partial Content",
                        Payload.Bytes.AsMemory(100_000),
                        "Content-Range: bytes 100000-299999/300000",
                        "ETag: \"new\""
                    ),
                    _ => reply.FileAsync(request, Payload.Bytes, "\"new\""),
                }
        );
        await GetFile(null, null, server.File());
        IsWhole();
    }

    [TestMethod]
    [DataRow(null, DisplayName = "no tag")]
    [DataRow("W/\"weak\"", DisplayName = "a weak tag")]
    public async Task WithoutHashAndTagAPartIsNotContinued(string? etag)
    {
        await using var server = new TestServer(
            (request, reply) => reply.FileAsync(request, Payload.Bytes, etag, request.Index == 0 ? 100_000 : null));
        await GetFile(null, null, server.File());
        IsWhole();
        Assert.IsTrue(server.Requests.All(request => request.From is null));
    }

    [TestMethod]
    public async Task APartThatTheServerCallsTooLongBeginsAgain()
    {
        await System.IO.File.WriteAllBytesAsync(Part, Payload.Bytes.AsMemory(0, 100_000));
        await using var server = new TestServer(
            (request, reply) =>
                request.From is not null
                    ? reply.SendAsync("416 Range Not Satisfiable", "", "Content-Range: bytes */300000")
                    : reply.FileAsync(request, Payload.Bytes)
        );
        await Get(server.File());
        IsWhole();
    }

    [TestMethod]
    [DataRow("<!DOCTYPE html><html>Sign in</html>", DownloadErrorKind.WebPage)]
    [DataRow("\n  <HTML><body>", DownloadErrorKind.WebPage)]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 300000\n", DownloadErrorKind.LfsPointer)]
    [DataRow("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", DownloadErrorKind.ServerMessage)]
    [DataRow("{\"error\":\"Repository not found\"}", DownloadErrorKind.ServerMessage)]
    [DataRow("Entry not found", DownloadErrorKind.ServerMessage)]
    public async Task WhatIsNoFileIsCalledByItsName(string text, DownloadErrorKind kind)
    {
        await using var server = new TestServer((_, reply) => reply.SendAsync("200 OK", text));
        await Fails(kind, () => Get(server.File()));
        // Of a file whose size nobody knows too.
        await Fails(kind, () => GetFile(null, null, server.File()));
        Assert.AreEqual(0, System.IO.File.Exists(Part) ? new FileInfo(Part).Length : 0);
    }

    [TestMethod]
    [DataRow("401 Unauthorized", DownloadErrorKind.SignInNeeded, 1)]
    [DataRow("403 Forbidden", DownloadErrorKind.Forbidden, 1)]
    [DataRow("404 Not Found", DownloadErrorKind.NotFound, 1)]
    [DataRow("410 Gone", DownloadErrorKind.NotFound, 1)]
    [DataRow("407 Proxy Authentication Required", DownloadErrorKind.Proxy, 1)]
    [DataRow("451 Unavailable For Legal Reasons", DownloadErrorKind.Forbidden, 1)]
    [DataRow("500 Internal Server Error", DownloadErrorKind.ServerError, 3)]
    [DataRow("502 Bad Gateway", DownloadErrorKind.ServerError, 3)]
    [DataRow("429 Too Many Requests", DownloadErrorKind.Busy, 3)]
    [DataRow("503 Service Unavailable", DownloadErrorKind.Busy, 3)]
    public async Task StatusesAreTold(string status, DownloadErrorKind kind, int requests)
    {
        await using var server = new TestServer((_, reply) => reply.SendAsync(status, "<html>no</html>"));
        var failure = await Fails(kind, () => Get(server.File()));
        StringAssert.Contains(failure.Message, kind == DownloadErrorKind.Proxy ? "proxy" : status[..3]);
        Assert.IsNotNull(failure.Remedy);
        Assert.AreEqual(requests, server.Requests.Count);
    }

    [TestMethod]
    public async Task AServerThatAsksForTimeGetsIt()
    {
        await using var server = new TestServer(
            (request, reply) =>
                request.Index == 0
                    ? reply.SendAsync("429 Too Many Requests", "", "Retry-After: 1")
                    : reply.FileAsync(request, Payload.Bytes)
        );
        var log = new ProgressLog();
        await Get(Quick, Payload.Bytes.Length, Payload.Sha256, log, server.File());
        IsWhole();
        var waiting = log.All.Single(progress => progress.Stage == DownloadStage.WaitingToRetry);
        Assert.AreEqual(TimeSpan.FromSeconds(1), waiting.Wait);
        StringAssert.Contains(waiting.Trouble, "429");
    }

    [TestMethod]
    public async Task AServerThatAsksForTooMuchTimeIsLeftForTheNext()
    {
        await using var busy = new TestServer((_, reply) => reply.SendAsync("503 Service Unavailable", "", "Retry-After: 86400"));
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        await Get(busy.File(), server.File());
        IsWhole();
        Assert.AreEqual(1, busy.Requests.Count);
    }

    [TestMethod]
    public async Task ACompressedAnswerIsRefused()
    {
        await using var server = new TestServer((_, reply) => reply.SendAsync("200 OK", Payload.Bytes, "Content-Encoding: gzip"));
        await Fails(DownloadErrorKind.ServerError, () => Get(server.File()));
    }

    [TestMethod]
    public async Task EverySourceThatFailedIsNamed()
    {
        await using var gone = new TestServer((_, reply) => reply.SendAsync("404 Not Found", ""));
        await using var page = new TestServer((_, reply) => reply.SendAsync("200 OK", "<html>"));
        var failure = await Fails(DownloadErrorKind.NotFound, () => Get(gone.File(), page.File(), new Uri("http://127.0.0.1:9/x")));
        foreach (string host in (string[])[gone.File().Authority, page.File().Authority, "127.0.0.1:9"])
            StringAssert.Contains(failure.Message, host);
    }

    [TestMethod]
    public async Task WithoutSourcesTheFileMustBeBrought()
    {
        var failure = await Fails(DownloadErrorKind.NoSource, () => Get());
        StringAssert.Contains(failure.Remedy, "hypir models add");
    }

    [TestMethod]
    public async Task WhatDoesNotFitTheDiskIsNotBegun()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        await Fails(DownloadErrorKind.DiskFull, () => GetFile(1L << 60, Payload.Sha256, server.File()));
        Assert.AreEqual(0, server.Requests.Count);
        // Where only the server knows the size, it is asked first.
        await using var huge = new TestServer(
            async (_, reply) =>
            {
                await reply.HeadAsync("200 OK", $"Content-Length: {1L << 60}");
                await reply.BodyAsync(Payload.Bytes);
            }
        );
        await Fails(DownloadErrorKind.DiskFull, () => GetFile(null, null, huge.File()));
    }

    [TestMethod]
    public void ADiskThatFillsUpIsSaid()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("/dev/full is Linux's.");
        var failure = Assert.ThrowsExactly<IOException>(() => System.IO.File.WriteAllBytes("/dev/full", Payload.Bytes));
        Assert.AreEqual(DownloadErrorKind.DiskFull, DiskSpace.CannotWrite(Target, failure).Kind);
    }

    [TestMethod]
    public async Task WhateverAServerDoesAFileWithTheFinalNameIsTheRightOne()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            await using var server = new TestServer(
                (request, reply) =>
                {
                    lock (random)
                    {
                        return request.Index > 12
                            ? reply.FileAsync(request, Payload.Bytes)
                            : random.Next(8) switch
                            {
                                0 or 1 => reply.FileAsync(request, Payload.Bytes, bytes: random.Next(Payload.Bytes.Length)),
                                2 => reply.FileAsync(
                                    request, Payload.Corrupt(random.Next(Payload.Bytes.Length)), bytes: random.Next(Payload.Bytes.Length)),
                                3 => reply.SendAsync("500 Internal Server Error", "no"),
                                4 => reply.SendAsync("200 OK", "<html>"),
                                5 => reply.SendAsync(
                                    "206 Partial Content", Payload.Bytes.AsMemory(random.Next(1000)),
                                    $"Content-Range: bytes {request.From ?? 0}-299999/300000"),
                                6 => reply.ChunksAsync(Payload.Bytes.AsMemory(0, random.Next(Payload.Bytes.Length))),
                                _ => reply.BodyAsync(Encoding.ASCII.GetBytes("HTTP/1.1 2")),
                            };
                    }
                }
            );
            for (int call = 0; call < 20 && !System.IO.File.Exists(Target); call++)
            {
                try
                {
                    await Get(server.File());
                }
                catch (DownloadException)
                {
                    // The next call goes on.
                }
            }

            IsWhole();
            System.IO.File.Delete(Target);
        }
    }
}

using Hypir.Protocol.Pixels;
using Hypir.Protocol.Transport;

namespace Hypir.Protocol.Tests;

/// <summary>Files in which pixels travel.</summary>
[TestClass]
public sealed class PixelFileTests
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), PixelFile.NewName(Environment.ProcessId));

    [TestCleanup]
    public void Delete() => File.Delete(_path);

    [TestMethod]
    [DataRow(PixelLayout.Rgb24, 1, 1)]
    [DataRow(PixelLayout.Bgra32, 1000, 700)] // more than one block
    [DataRow(PixelLayout.Rgba64, 400_000, 2)] // rows longer than a block
    public void What_is_written_is_read(PixelLayout layout, int width, int height)
    {
        var header = new PixelHeader(layout, width, height);
        var pixels = new byte[header.DataBytes];
        new Random(1).NextBytes(pixels);
        PixelFile.Write(_path, header, (row, rows) => pixels.AsSpan(row * header.RowBytes, rows.Length).CopyTo(rows));
        var read = new byte[header.DataBytes];
        PixelHeader? told = null;
        PixelFile.Read(_path, found =>
        {
            told = found;
            return (row, rows) => rows.CopyTo(read.AsSpan(row * header.RowBytes));
        });
        Assert.AreEqual(header, told);
        CollectionAssert.AreEqual(pixels, read);
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [TestMethod]
    public void What_is_half_written_is_deleted()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => PixelFile.Write(_path, new(PixelLayout.Bgra32, 1000, 1000),
            (row, rows) => throw new InvalidOperationException()));
        Assert.IsFalse(File.Exists(_path));
    }

    [TestMethod]
    public void Names_lead_nowhere_else()
    {
        Assert.IsTrue(PixelFile.IsName(PixelFile.NewName(7)));
        Assert.AreEqual(7, PixelFile.OwnerOf(PixelFile.NewName(7)));
        foreach (
            string name in (string[])
                ["", "..", "a.px", "../" + PixelFile.NewName(7), PixelFile.NewName(7) + "\n", PixelFile.NewName(7).ToUpperInvariant()]
        )
            Assert.IsFalse(PixelFile.IsName(name), name);
        foreach (string pipe in (string[])["", "a/b", "..", ".a", "a b", new('a', 61), @"a\b", "a\n"])
            Assert.IsFalse(PipeName.IsValid(pipe), pipe);
        Assert.IsTrue(PipeName.IsValid(PipeName.Default), PipeName.Default);
    }
}

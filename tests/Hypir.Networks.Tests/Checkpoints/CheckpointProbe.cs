using System.Diagnostics;
using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Tests.Libraries;
using Hypir.Testing;
using TorchSharp;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>
/// The program that the tests start to open files nobody trusts: a crash, a hang or a gigabyte then belongs to this process alone and can
/// be measured. It writes one <see cref="ProbeReport"/> as JSON a line.
/// </summary>
internal static class CheckpointProbe
{
    public static int Main(string[] arguments)
    {
        if (arguments is [IntrinsicsRunner.Verb, ..])
            return IntrinsicsRunner.RunChild(typeof(CheckpointProbe).Assembly, arguments.AsSpan(1));
        if (arguments is [NnpackProbe.Verb])
            return NnpackProbe.Run();
        using (var warmUp = torch.ones(2).sum())
            warmUp.item<float>();
        var memory = new PeakMemory();
        switch (arguments)
        {
            case ["corpus", var folder]:
                foreach (string file in JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json"))).RootElement
                    .GetProperty("cases").EnumerateArray().Select(entry => entry.GetProperty("file").GetString()!))
                    Print(Probe(file, Path.Combine(folder, file), memory));
                return 0;
            case ["mutations", var folder, var seed, var count]:
                foreach (
                    var report in Mutations
                        .Of(folder, int.Parse(seed), int.Parse(count))
                        .Select(file => Probe(file.About, file.Path, memory))
                )
                    Print(report with { Tensors = null });
                return 0;
            default:
                Console.Error.WriteLine("corpus FOLDER | mutations FOLDER SEED COUNT");
                return 2;
        }
    }

    private static void Print(ProbeReport report) => Console.WriteLine(JsonSerializer.Serialize(report));

    private static ProbeReport Probe(string name, string path, PeakMemory memory)
    {
        memory.Reset();
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var report = Open(name, path);
        return report with
        {
            Seconds = clock.Elapsed.TotalSeconds,
            ProcessorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            PeakBytes = memory.AboveIdle,
        };
    }

    private static ProbeReport Open(string name, string path)
    {
        try
        {
            using var source = CheckpointFile.Open(path);
            var tensors = source.Tensors.Values.ToDictionary(info => info.Name, info => Describe(source, info));
            return new ProbeReport { File = name, Answer = "ok", Tensors = tensors, Metadata = (source as SafetensorsFile)?.Metadata };
        }
        catch (CheckpointException e)
        {
            return new ProbeReport { File = name, Answer = Category(e.Kind), Message = $"{e.Message} {e.Remedy}" };
        }
        catch (Exception e)
        {
            return new ProbeReport { File = name, Answer = "unexpected", Message = e.ToString() };
        }
    }

    /// <summary>The text of a kind in the corpus of damaged files.</summary>
    private static string Category(CheckpointErrorKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static ProbeTensor Describe(ITensorSource source, TensorInfo info)
    {
        using var scope = torch.NewDisposeScope();
        var tensor = source.Read(info.Name);
        var flat = tensor.to(torch.float64).reshape(-1);
        return new ProbeTensor(tensor.dtype == info.DType ? Name(info.DType) : "other than announced", [.. tensor.shape],
            flat.sum().item<double>(), flat.narrow(0, 0, Math.Min(4, flat.NumberOfElements)).data<double>().ToArray());
    }

    private static string Name(torch.ScalarType type) => type == torch.ScalarType.Byte ? "uint8" : type.ToString().ToLowerInvariant();
}

using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>Networks in ncnn's form: the same result as from their own files, and everything else refused.</summary>
[TestClass]
public sealed class NcnnFileTests : TensorTest, IDisposable
{
    private const long MostBytes = 200_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    [DataRow(4, 4)]
    public void A_Compact_network_gives_the_same_as_its_own_file(int scale, int channels)
    {
        foreach (bool half in (bool[])[false, true])
            Compare(SeededNetworks.Compact(scale, channels), weights => NcnnWriter.Compact(weights, scale, half), half);
    }

    [TestMethod]
    [DataRow(0, 1, false)]
    [DataRow(1, 2, true)]
    [DataRow(2, 1, false)]
    public void An_ESRGAN_gives_the_same_as_its_own_file(int doublings, int blocks, bool plain)
    {
        foreach (bool half in (bool[])[false, true])
            Compare(SeededNetworks.Esrgan(doublings, blocks), weights => NcnnWriter.Esrgan(weights, half, plain), half);
    }

    [TestMethod]
    public void A_network_that_is_reduced_at_its_end_is_what_it_is_before()
    {
        // realesr-animevideov3-x2 is the 4x network, and bicubic after it.
        NcnnWriter writer = Compact(4, half: false);
        writer.Add("Interp", [writer.Layers[^1].Name], "0=3 1=5.000000e-01 2=5.000000e-01");
        writer.Save(_folder["x2.param"]);
        using SinglePassFile file = SinglePassFile.Open(_folder["x2.param"]);
        Assert.AreEqual(4, file.Outline.Scale);
    }

    [TestMethod]
    public void A_scale_that_is_not_the_weights_is_refused()
    {
        using (SeededTensors weights = SeededNetworks.Compact(2))
            NcnnWriter.Compact(weights, 4, half: false).Save(_folder["x.param"]);
        Refuse<ModelException>("x.param", "makes 12 channels");
    }

    [TestMethod]
    [DataRow("Deconvolution", "", "waifu2x")]
    [DataRow("Sigmoid", "", "\"Sigmoid\"")]
    [DataRow("Convolution", "0=8 1=1 5=1 6=64", "not a 3x3 convolution")]
    [DataRow("Convolution", "0=8 1=3 4=1 5=1 6=576 8=2", "not a 3x3 convolution")]
    [DataRow("Convolution", "0=8 1=3 4=1 5=1 6=576 14=0", "not a 3x3 convolution")]
    [DataRow("Convolution", "0=8 1=3 4=1 5=1 6=576 9=4", "activation")]
    [DataRow("Interp", "0=2 1=2 2=2", "repeating pixels")]
    [DataRow("Interp", "0=1 3=64 4=64", "fixed size")]
    [DataRow("Interp", "0=3 1=0.5 2=0.5", "repeating pixels")]
    [DataRow("ReLU", "", "joined in another way")]
    public void Another_network_is_refused_by_name(string kind, string values, string reason)
    {
        NcnnWriter writer = Compact(2, half: false);
        // In the middle, before the third PReLU.
        int at = writer.Layers.FindIndex(layer => layer.Name == "PReLU_6");
        writer.Layers.Insert(at, new(kind, "strange", writer.Layers[at].Inputs, ["strange"], values));
        writer.Layers[at + 1] = writer.Layers[at + 1] with { Inputs = ["strange"] };
        writer.Save(_folder["x.param"]);
        Refuse<ModelException>("x.param", reason);
    }

    [TestMethod]
    public void Layers_that_are_joined_in_another_way_are_refused()
    {
        NcnnWriter writer = Esrgan();
        int join = writer.Layers.FindIndex(layer => layer.Kind == "Concat");
        writer.Layers[join] = writer.Layers[join] with { Inputs = [.. writer.Layers[join].Inputs.Reverse()] };
        writer.Save(_folder["x.param"]);
        Refuse<ModelException>("x.param", "joined in another way");
        Esrgan().Save(_folder["x.param"]);
        Change(
            ("2.000000e-01,1", "3.000000e-01,1", "joined in another way"),
            ("1,2.000000e-01", "1,1.000000e-01", "joined in another way"),
            ("1=2.000000e+00 2=2", "1=3.000000e+00 2=3", "joined in another way"));

        static NcnnWriter Esrgan()
        {
            using SeededTensors weights = SeededNetworks.Esrgan(1, 1);
            return NcnnWriter.Esrgan(weights, half: true, plain: false);
        }
    }

    [TestMethod]
    public void A_damaged_description_is_refused()
    {
        Compact(2, half: false).Save(_folder["x.param"]);
        Change(
            ("1 1 data_split_0", "1 1 data_split_9", "no earlier layer makes"),
            // A cycle.
            ("1 1 data_split_0", "1 1 PReLU_2", "no earlier layer makes"),
            ("1 1 PReLU_2 Convolution_3", "1 1 PReLU_2 Convolution_1", "two layers make"),
            ("1 1 PReLU_2", "1000000000 1 PReLU_2", "is not a layer"),
            ("0=7 1=3", "0=1000000000 1=3", "channels"),
            ("0=7 1=3", "0=-8 1=3", "channels"),
            ("6=441", "6=1000000000", "weights for"),
            ("6=441", "6=630000000", "ends within"),
            ("6=441", "6=9223372036854775807", "weights for"),
            ("6=441", "6=NaN", "not a number"),
            ("6=441", "6=441 6=576", "not a parameter"),
            ("7767517\n", "7767517\n1", "announced"),
            ("2.000000e+00", "", "not a number"),
            ("0=2\n", "0=1000000000\n", "other settings"));
        string deep = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"Concat c{i} 2 1 b{i} b{i} b{i + 1}\n"));
        _folder.Write("x.param", $"7767517\n12001 1\nInput data 0 1 b0\n{deep}");
        Refuse<ModelException>("x.param", "joined in another way");
        _folder.Write("x.param", "7767517\n" + new string('1', 2_000_000));
        Refuse<CheckpointException>("x.param", "bytes");
    }

    [TestMethod]
    public void Weights_that_are_not_the_networks_are_refused()
    {
        Compact(2, half: true).Save(_folder["x.param"]);
        byte[] bytes = File.ReadAllBytes(_folder["x.bin"]);
        File.WriteAllBytes(_folder["x.bin"], bytes[..^4]);
        Refuse<CheckpointException>("x.param", "ends within");
        File.WriteAllBytes(_folder["x.bin"], [.. bytes, 0, 0, 0, 0]);
        Refuse<CheckpointException>("x.bin", "end at byte");
        File.WriteAllBytes(_folder["x.bin"], [0x38, 0x4B, 0x0D, 0, .. bytes[4..]]);
        Refuse<CheckpointException>("x.bin", "int8");
        File.WriteAllBytes(_folder["x.bin"], []);
        Refuse<CheckpointException>("x.bin", "ends within");
        File.Delete(_folder["x.bin"]);
        Refuse<ModelException>("x.param", "are missing");
        File.WriteAllBytes(_folder["alone.bin"], bytes);
        Assert.Contains(".param", Refuse<CheckpointException>("alone.bin", "neither").Remedy!);
    }

    private void Compare(SeededTensors weights, Func<ITensorSource, NcnnWriter> write, bool half)
    {
        write(weights).Save(_folder["x.param"]);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SinglePassModel theirs = SinglePassModel.Load(SinglePassFile.Of(weights), ScalarType.Float32);
        foreach (string name in (string[])["x.param", "x.bin"])
        {
            using SinglePassModel ours = SinglePassModel.Load(SinglePassFile.Open(_folder[name]), ScalarType.Float32);
            Assert.AreEqual(theirs.Outline, ours.Outline);
            Tensor x = rand(1, theirs.Outline.InChannels, 9, 7);
            // Float16 rounds a weight by 2^-11 of it at most; what many weights add up to differs by no more than four times that.
            Numbers.AssertClose(theirs.Evaluate(x), ours.Evaluate(x), half ? 2e-3 : 0, $"{theirs.Outline.Title}, {name}");
        }
    }

    private static NcnnWriter Compact(int scale, bool half)
    {
        using SeededTensors weights = SeededNetworks.Compact(scale);
        return NcnnWriter.Compact(weights, scale, half);
    }

    /// <summary>Changes the description that is there, in one way after the other.</summary>
    private void Change(params (string From, string To, string Reason)[] changes)
    {
        string text = File.ReadAllText(_folder["x.param"]);
        foreach ((string from, string to, string reason) in changes)
        {
            Assert.Contains(from, text);
            _folder.Write("x.param", text.Replace(from, to, StringComparison.Ordinal));
            Refuse<HypirException>("x.param", reason);
        }
    }

    private TException Refuse<TException>(string name, string reason)
        where TException : HypirException
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        HypirException refusal = Assert.Throws<HypirException>(() => SinglePassFile.Open(_folder[name]).Dispose());
        Assert.IsLessThan(MostBytes, GC.GetAllocatedBytesForCurrentThread() - before, name);
        Assert.Contains(reason, refusal.Message);
        return Assert.IsInstanceOfType<TException>(refusal);
    }
}

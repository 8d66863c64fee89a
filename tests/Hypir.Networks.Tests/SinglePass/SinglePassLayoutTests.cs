using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>The same weights under the names, wrappers and types that people's files have.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassLayoutTests : TensorTest
{
    [TestMethod]
    public void All_layouts_of_ESRGAN_are_the_same_network()
    {
        Func<string, string>[] layouts = [Author, Old, key => "module." + key, key => "params_ema." + key];
        foreach (Func<string, string> name in layouts)
            Compare("esrgan-real-x2", source => MemorySource.Renaming(source, name), 0);
    }

    [TestMethod]
    public void Wrappers_within_wrappers_are_taken_off() =>
        Compare("compact-x2", source => MemorySource.Renaming(source, key => "state_dict.module." + key), 0);

    [TestMethod]
    public void Half_precision_is_read() => Compare(
        "compact-x2", source => MemorySource.Renaming(source, key => key, t => t.to(ScalarType.Float16), ScalarType.Float16), 1e-2);

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(double number)
    {
        ITensorSource stored = CheckpointFile.Open(Goldens.Require("single-pass", "compact-x2.pth"));
        var source = MemorySource.Renaming(stored, key => key, tensor => tensor.mul(number));
        SinglePassFile file = SinglePassFile.Of(source);
        ModelException refusal = Assert.ThrowsExactly<ModelException>(() => SinglePassModel.Load(file, ScalarType.Float32));
        Assert.Contains("not finite", refusal.Message);
        Assert.IsTrue(source.IsDisposed);
    }

    private static void Compare(string name, Func<ITensorSource, ITensorSource> change, double tolerance)
    {
        string path = Goldens.Require("single-pass", $"{name}.pth");
        using var golden = new GoldenCase(Goldens.Require("single-pass", $"{name}.safetensors"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SinglePassModel plain = SinglePassModel.Load(SinglePassFile.Open(path), ScalarType.Float32);
        using SinglePassModel other = SinglePassModel.Load(SinglePassFile.Of(change(CheckpointFile.Open(path))), ScalarType.Float32);
        Assert.AreEqual(plain.Outline, other.Outline);
        Numbers.AssertClose(plain.Evaluate(golden["x"]), other.Evaluate(golden["x"]), tolerance, name);
    }

    private static string Author(string key) => key
        .Replace("conv_body", "trunk_conv", StringComparison.Ordinal)
        .Replace("body.", "RRDB_trunk.", StringComparison.Ordinal)
        .Replace("rdb", "RDB", StringComparison.Ordinal)
        .Replace("conv_up", "upconv", StringComparison.Ordinal)
        .Replace("conv_hr", "HRconv", StringComparison.Ordinal);

    private static string Old(string key)
    {
        string kind = key[key.LastIndexOf('.')..];
        return key[..^kind.Length].Split('.') switch
        {
            ["body", var block, var dense, var convolution] =>
                $"model.1.sub.{block}.{dense.ToUpperInvariant()}.{convolution}.0{kind}",
            ["conv_first"] => "model.0" + kind,
            ["conv_body"] => "model.1.sub.1" + kind,
            ["conv_up1"] => "model.3" + kind,
            ["conv_up2"] => "model.6" + kind,
            ["conv_hr"] => "model.8" + kind,
            _ => "model.10" + kind,
        };
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Models;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using Hypir.Training.Planning;
using Hypir.TrainTool.Tests.Training.Measuring;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>
/// The trainer's plans for known networks, to the last digit: a change in an outline that moves one of them also moves what fits a machine.
/// </summary>
[TestClass]
public sealed class PlanNumbersTests
{
    /// <summary>
    /// Operations of the generator and of the discriminator; bytes all the time and of the phases; a digest of the amounts of all parts and
    /// segments.
    /// </summary>
    private const string Numbers = """
        full: 13194364127232; 4950225590272; 8379101532; 15044584592; 9671c4f0a7530f57
        full without adapters: 11659842619392; 4566595213312; 15622285664; 16063199548; baf3585461bdafb8
        repeated: 389726360576; 133940562944; 613335708; 1119237072; 5a2c9c30cc2bf0d0
        repeated without adapters: 384103207936; 132534774784; 1179653024; 1134856060; 83d987385902cabb
        kept: 296138449920; 133940562944; 613335708; 2639823824; e85ff2d1e768f497
        kept without adapters: 291921085440; 132534774784; 1179653024; 2613181392; 9aed9085b23ae4d8
        shallow: 147831632640; 56081012992; 275271748; 400610828; d0d976e0020e560b
        shallow without adapters: 137082614528; 53393758464; 319529456; 596345020; 75fdd460f52403d2
        nano: 1694693184; 0; 277334172; 21279000; bd065794910e1463
        sd2.1: 1727589372672; 0; 4197887404; 6199266528; f27dfa132ab96831
        tiny-sd2: 104610305280; 0; 277895116; 585458784; 87e49f121080885e
        variant base: 5909514624; 0; 269514972; 46802880; d9bf29d3ae4aeb94
        variant base without adapters: 5812291584; 0; 269913904; 42964416; 5717c04f1a4301fe
        variant plain mid: 5850715776; 0; 269357868; 43844832; c71508b6922e6c13
        variant plain mid without adapters: 5762394816; 0; 269717616; 40275360; 4c28845da3f51b83
        variant no mid: 5881369536; 0; 269301532; 44399232; 24f4c6db2b61eb49
        variant no mid without adapters: 5796596736; 0; 269656112; 40874112; af59c01e5e81bc61
        variant layers: 6008879808; 0; 269742972; 57473856; 9f0beac261bfa8fa
        variant layers without adapters: 5870071296; 0; 270102960; 51390144; 81e5ba33ac78f22f
        variant linear: 5900830080; 0; 269514972; 46276992; e592535c5c0b27c0
        variant linear without adapters: 5807433984; 0; 269913904; 42514560; 8b6881f79266076d
        variant kernels: 5869291584; 0; 269502252; 45938016; 5e047dd256eaeb64
        variant kernels without adapters: 5774704320; 0; 269895792; 42099552; cb1ecc72731fe406
        """;

    [TestMethod]
    [DataRow(StepShapes.Full)]
    [DataRow(StepShapes.Repeated)]
    [DataRow(StepShapes.Kept)]
    [DataRow(StepShapes.Shallow)]
    public void A_measured_step_is_planned_as_it_was(string step)
    {
        // Whether this processor unfolds convolutions must not matter here.
        TrainingShape shape = StepShapes.Of(step) with { Unfolded = 1 };
        Compare([Text(step, shape), Text($"{step} without adapters", shape with { Rank = 0 })]);
    }

    [TestMethod]
    [DataRow(StepShapes.Full)]
    [DataRow(StepShapes.Kept)]
    [DataRow(StepShapes.Shallow)]
    public void A_measured_steps_networks_have_the_weights_of_their_outlines(string step)
    {
        TrainingShape shape = StepShapes.Of(step);
        SameWeights(ShapeRecorder.Record(w => new UNet2DConditionModel(shape.UNet, w)), UNetOutline.Of(shape.UNet).Weights);
        SameWeights(ShapeRecorder.Record(w => new AutoencoderKL(shape.Vae, w)),
            VaeOutline.Encoder(shape.Vae).Weights.Concat(VaeOutline.Decoder(shape.Vae).Weights));

        static void SameWeights(IReadOnlyDictionary<string, long[]> network, IEnumerable<WeightOutline> outline) =>
            CollectionAssert.AreEqual(
                network.Select(weight => $"{weight.Key} [{string.Join(", ", weight.Value)}]").ToArray(),
                outline.Select(weight => $"{weight.Name} [{string.Join(", ", weight.Shape)}]").Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void A_known_model_is_planned_as_it_was()
    {
        ModelFolder nano = ModelFolder.Open(NanoModel.Folder);
        NetworkShapes full = NetworkShapes.StableDiffusion21;
        Compare([Text("nano", Shape(nano.UNet, nano.Vae, 1)), Text("sd2.1", Shape(full.UNet, full.Vae, full.Tokens))]);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_goldens_model_is_planned_as_it_was()
    {
        ModelFolder tiny = ModelFolder.Open(Goldens.Require("tiny-sd2"));
        Compare([Text("tiny-sd2", Shape(tiny.UNet, tiny.Vae, 77))]);
    }

    [TestMethod]
    [DataRow("base", "{}", true)]
    [DataRow("plain mid", """{"mid_block_type": "UNetMidBlock2D"}""", false)]
    [DataRow("no mid", """{"mid_block_type": null}""", true)]
    [DataRow("layers", """{"layers_per_block": [2, 1], "transformer_layers_per_block": [1, 2], "attention_head_dim": [4, 8]}""", true)]
    [DataRow("linear", """{"use_linear_projection": true, "downsample_padding": 0}""", true)]
    [DataRow("kernels", """{"conv_in_kernel": 5, "conv_out_kernel": 1}""", false)]
    public void Networks_of_other_shapes_are_planned_as_they_were(string name, string changes, bool extras)
    {
        JsonObject json = JsonNode.Parse("""
            {"in_channels": 4, "out_channels": 4, "block_out_channels": [8, 16],
             "layers_per_block": 1, "norm_num_groups": 4, "attention_head_dim": 2, "cross_attention_dim": 6,
             "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"], "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}
            """)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[key] = value?.DeepClone();
        var vae = VaeConfig.Parse(JsonSerializer.SerializeToElement(new
        {
            block_out_channels = (int[])[8, 12],
            norm_num_groups = 4,
            layers_per_block = 1,
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", 2),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", 2),
            mid_block_add_attention = extras,
            use_quant_conv = extras,
            use_post_quant_conv = extras,
        }), "vae");
        TrainingShape shape = Shape(UNetConfig.Parse(JsonSerializer.SerializeToElement(json), "unet"), vae, 5);
        Compare([Text($"variant {name}", shape), Text($"variant {name} without adapters", shape with { Rank = 0 })]);
    }

    private static TrainingShape Shape(UNetConfig unet, VaeConfig vae, int tokens) => new()
    {
        UNet = unet,
        Vae = vae,
        Rank = 8,
        Batch = 3,
        // Odd sizes of the latents, so that halves are rounded.
        Height = 13 * vae.Factor,
        Width = 22 * vae.Factor,
        Tokens = tokens,
        Unfolded = 1,
        Settings = new() { Checkpointing = false },
    };

    private static string Text(string name, TrainingShape shape)
    {
        var plan = TrainingPlan.Of(shape);
        IReadOnlyList<PlanPart>[] groups = [plan.GeneratorOperations, plan.DiscriminatorOperations, plan.Resident, plan.Phases];
        MapSize latent = new(shape.Height / shape.Vae.Factor, shape.Width / shape.Vae.Factor, shape.Batch);
        SegmentCounter[] networks =
        [
            OutlineTrainingCost.Of(UNetOutline.Of(shape.UNet), latent, shape.Tokens, shape.Rank),
            OutlineTrainingCost.Of(VaeOutline.Encoder(shape.Vae), new(shape.Height, shape.Width, shape.Batch), wayBack: false),
            OutlineTrainingCost.Of(VaeOutline.Decoder(shape.Vae), latent),
        ];
        string parts = string.Join('\n',
        [
            .. groups.SelectMany(group => group).Select(part => FormattableString.Invariant($"{part.Amount:r}")),
            .. networks.SelectMany(network => network.Segments).Select(segment => FormattableString.Invariant($"{segment}")),
            .. networks.Select(cost => FormattableString.Invariant($"{cost.Parameters} {cost.AdapterParameters} {cost.Columns}")),
        ]);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..16];
        IEnumerable<string> sums = groups.Select(group => FormattableString.Invariant($"{group.Sum(part => part.Amount):r}"));
        return $"{name}: {string.Join("; ", sums)}; {digest}";
    }

    /// <summary>Each line is in the table.</summary>
    private static void Compare(string[] lines)
    {
        string[] table = Numbers.Split('\n', StringSplitOptions.TrimEntries), missing = [.. lines.Where(line => !table.Contains(line))];
        Assert.IsEmpty(missing, $"These numbers have changed:\n{string.Join('\n', missing)}\n");
    }
}

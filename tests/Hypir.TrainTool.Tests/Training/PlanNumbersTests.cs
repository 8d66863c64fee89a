using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Models;
using Hypir.Networks.Outlines;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
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
    /// Operations of the generator and of the discriminator; bytes all the time and of the phases; a digest of all names and amounts.
    /// </summary>
    private const string Numbers = """
        full: 13194364127232; 4950225590272; 8379101532; 15044584592; 87dcd81ad400c333
        full without adapters: 11659842619392; 4566595213312; 15622285664; 16063199548; a8b9028ab9af93be
        repeated: 696068792832; 239520253440; 614023836; 1988454352; 5acc65396402d5bf
        repeated without adapters: 686274208256; 237071607296; 1180341152; 1988454352; 07836828e6f311b8
        kept: 528755966464; 239520253440; 614023836; 4685955024; 1861966fea8f22be
        kept without adapters: 521410028032; 237071607296; 1180341152; 4639571920; 6d9fd55a4211819c
        shallow: 234221480704; 88816926976; 275664964; 591371788; f869f807b499a2e8
        shallow without adapters: 218105326336; 84787888384; 319922672; 787105980; c9a7dcde77e2a019
        nano: 1694693184; 0; 277334172; 21279000; 46122f5fcfe70e94
        sd2.1: 1727589372672; 0; 4197887404; 6199266528; 251dec2ddbd2b8a6
        tiny-sd2: 104610305280; 0; 277895116; 585458784; cfa67602697c6712
        variant base: 5909514624; 0; 269514972; 46802880; 5422d5e420253469
        variant base without adapters: 5812291584; 0; 269913904; 42964416; bac103b620bb124c
        variant plain mid: 5850715776; 0; 269357868; 43844832; 10df8d8154356d6b
        variant plain mid without adapters: 5762394816; 0; 269717616; 40275360; cca9bf5e32a04907
        variant no mid: 5881369536; 0; 269301532; 44399232; 6bdec33d7ca8708e
        variant no mid without adapters: 5796596736; 0; 269656112; 40874112; 10b8660a5c42efc7
        variant layers: 6008879808; 0; 269742972; 57473856; 159eb67520478160
        variant layers without adapters: 5870071296; 0; 270102960; 51390144; 827d8bde4205a3ae
        variant linear: 5900830080; 0; 269514972; 46276992; 00860e5c75e3faf1
        variant linear without adapters: 5807433984; 0; 269913904; 42514560; 60fe92ab7a670088
        variant kernels: 5869291584; 0; 269502252; 45938016; c43746efb5526619
        variant kernels without adapters: 5774704320; 0; 269895792; 42099552; 7823202145c40d58
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
        ModelFolder nano = ModelFolder.Open(Path.Combine(Repository.Root, "models", "nano"));
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
            .. groups.SelectMany(group => group).Select(part => FormattableString.Invariant($"{part.Name} {part.Amount:r}")),
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

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Configs;
using Hypir.Planning.Cost;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>
/// The planner's numbers for known networks, to the last digit. A change in an outline that moves one of them also moves tiles, memory and
/// estimated times.
/// </summary>
[TestClass]
public sealed class PlanNumbersTests
{
    /// <summary>
    /// Operations; parameters; transformed parameters; numbers alive at the peak; parts, with a digest of their names and operations.
    /// </summary>
    private const string Numbers = """
        sd2.1 encoder: 1116658466816; 34163664; 3244032; 167772160; 15 parts b8d08be0c00f40cb
        sd2.1 unet: 804257464320; 865910724; 184320; 26214400; 45 parts fbb4528b2537401d
        sd2.1 decoder: 2514518933504; 49490199; 3022848; 268435456; 19 parts 595c15536f5c300b
        sd2.1 odd encoder: 457827137280; 34163664; 3244032; 70041600; 15 parts 734eb73eccfa729b
        sd2.1 odd unet: 322266242560; 865910724; 184320; 10944000; 45 parts b2d492cb8d8fbc8c
        sd2.1 odd decoder: 1041406580160; 49490199; 3022848; 112066560; 19 parts 90d1b0a0daa1577a
        sd2.1 memory, program and libtorch: 235929600
        sd2.1 memory, input image: 2100000
        sd2.1 memory, result image: 2100000
        sd2.1 memory, UNet weights: 3463642896
        sd2.1 memory, VAE weights: 334615452
        sd2.1 memory, text encoder weights: 1361551360
        sd2.1 memory, one tile in the encoder: 2013265920
        sd2.1 memory, one tile in the UNet: 314572800
        sd2.1 memory, one tile in the decoder: 3221225472
        sd2.1 memory, rows of tiles: 288000
        sd2.1 memory, latent: 176000
        sd2.1 memory, rows of tiles: 288000
        sd2.1 memory, latent: 176000
        sd2.1 memory, rows of tiles: 14336000
        sd2.1 memory, latent: 176000
        sd2.1 memory, rows being finished: 42192000
        nano encoder: 97910784; 12208; 46080; 327680; 3 parts db956749dfa6215a
        nano unet: 823627776; 1447576; 4635648; 786432; 20 parts d241c0b3c70f2c6e
        nano decoder: 126222336; 15747; 64512; 327680; 4 parts e9ba1d972955a879
        nano odd encoder: 40875840; 12208; 46080; 136800; 3 parts 0a7a9287e0275737
        nano odd unet: 361895424; 1447576; 4635648; 328320; 20 parts e0949762ebb4484f
        nano odd decoder: 52695360; 15747; 64512; 136800; 4 parts 58c640f0ba5d1cdb
        nano memory, program and libtorch: 235929600
        nano memory, input image: 2100000
        nano memory, result image: 2100000
        nano memory, UNet weights: 5790304
        nano memory, VAE weights: 111820
        nano memory, one tile in the encoder: 251658240
        nano memory, one tile in the UNet: 603979776
        nano memory, one tile in the decoder: 251658240
        nano memory, rows of tiles: 34816000
        nano memory, latent: 22528000
        nano memory, rows of tiles: 34816000
        nano memory, latent: 22528000
        nano memory, rows of tiles: 14336000
        nano memory, latent: 22528000
        nano memory, rows being finished: 42192000
        tiny-sd2 encoder: 71749632; 46840; 165888; 245760; 15 parts 4b3e6fa0447ac0ef
        tiny-sd2 unet: 39798784; 827476; 1880064; 30720; 45 parts 6f10d337afdc2b6c
        tiny-sd2 decoder: 149339136; 64999; 239616; 393216; 19 parts d54ee18ca3637065
        tiny-sd2 memory, program and libtorch: 235929600
        tiny-sd2 memory, input image: 2100000
        tiny-sd2 memory, result image: 2100000
        tiny-sd2 memory, UNet weights: 3309904
        tiny-sd2 memory, VAE weights: 447356
        tiny-sd2 memory, text encoder weights: 240640
        tiny-sd2 memory, one tile in the encoder: 125829120
        tiny-sd2 memory, one tile in the UNet: 15728640
        tiny-sd2 memory, one tile in the decoder: 201326592
        tiny-sd2 memory, rows of tiles: 288000
        tiny-sd2 memory, latent: 176000
        tiny-sd2 memory, rows of tiles: 288000
        tiny-sd2 memory, latent: 176000
        tiny-sd2 memory, rows of tiles: 14336000
        tiny-sd2 memory, latent: 176000
        tiny-sd2 memory, rows being finished: 42192000
        unet base: 68696576; 199044; 543744; 86944; 15 parts 25964ecf19e92ada
        unet one level: 3115776; 7796; 18432; 20592; 4 parts 8d760af2866a5088
        unet plain mid: 61123072; 156804; 470016; 86944; 13 parts ebae45365331471b
        unet no mid: 58280448; 136100; 396288; 86944; 12 parts a11702e42422ebd2
        unet layers: 99203584; 244052; 589824; 91520; 19 parts bb4c5ecc7a08a3ce
        unet linear: 65565184; 199044; 543744; 86944; 15 parts e306789186e90ea4
        unet kernels: 68751488; 199139; 534528; 86944; 15 parts 2eaa2c8d90997eea
        encoder 1: 1067980800; 16624; 64512; 368640; 5 parts 6a185fb81c24d2d3
        decoder 1: 1501430; 20863; 82944; 3360; 6 parts b169487557ee2148
        encoder 3: 133463040; 153862; 617472; 307200; 8 parts e4c1655e98a6b4d6
        decoder 3: 53832800; 254611; 1004544; 71680; 11 parts d3d01ffc15a8234d
        """;

    [TestMethod]
    [DataRow("sd2.1")]
    [DataRow("nano")]
    public void A_known_network_costs_what_it_did(string model)
    {
        ModelFacts facts = model == "nano" ? Machine.Nano.ReadFacts() : StableDiffusion.Facts;
        Compare([.. Costs(model, facts, 64, 64), .. Costs($"{model} odd", facts, 45, 38), .. Memory(model, facts)]);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_goldens_network_costs_what_it_did()
    {
        ModelFacts facts = Machine.Tiny().ReadFacts();
        Compare([.. Costs("tiny-sd2", facts, 8, 12), .. Memory("tiny-sd2", facts)]);
    }

    [TestMethod]
    [DataRow("base", "{}")]
    [DataRow("one level", """
        {"block_out_channels": [8], "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"], "mid_block_type": null}
        """)]
    [DataRow("plain mid", """{"mid_block_type": "UNetMidBlock2D"}""")]
    [DataRow("no mid", """{"mid_block_type": null}""")]
    [DataRow("layers", """{"layers_per_block": [2, 1], "transformer_layers_per_block": [1, 2], "attention_head_dim": [4, 8]}""")]
    [DataRow("linear", """{"use_linear_projection": true, "downsample_padding": 0}""")]
    [DataRow("kernels", """{"in_channels": 3, "out_channels": 3, "conv_in_kernel": 5, "conv_out_kernel": 1}""")]
    public void A_UNet_of_another_shape_costs_what_it_did(string name, string changes)
    {
        JsonObject json = JsonNode.Parse("""
            {"in_channels": 4, "out_channels": 4, "block_out_channels": [16, 32],
             "layers_per_block": 1, "norm_num_groups": 4, "attention_head_dim": 2, "cross_attention_dim": 6,
             "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"], "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}
            """)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[key] = value?.DeepClone();
        ModelFacts facts = StableDiffusion.Facts with { UNet = UNetConfig.Parse(JsonSerializer.SerializeToElement(json), "unet") };
        Compare([Text($"unet {name}", facts.UNetCosts(13, 22))]);
    }

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(3, false)]
    public void A_VAE_of_another_shape_costs_what_it_did(int levels, bool extras)
    {
        var config = VaeConfig.Parse(JsonSerializer.SerializeToElement(new
        {
            block_out_channels = Enumerable.Range(1, levels).Select(level => 16 * level),
            latent_channels = 3,
            norm_num_groups = 4,
            layers_per_block = 1,
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", levels),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", levels),
            mid_block_add_attention = extras,
            use_quant_conv = extras,
            use_post_quant_conv = extras,
        }), "vae");
        ModelFacts facts = StableDiffusion.Facts with { Vae = config };
        Compare([Text($"encoder {levels}", facts.EncoderCost(48, 80)), Text($"decoder {levels}", facts.DecoderCost(5, 7))]);
    }

    private static string[] Costs(string name, ModelFacts facts, int height, int width) =>
    [
        Text($"{name} encoder", facts.EncoderCost(height * facts.Vae.Factor, width * facts.Vae.Factor)),
        Text($"{name} unet", facts.UNetCosts(height, width)),
        Text($"{name} decoder", facts.DecoderCost(height, width)),
    ];

    private static IEnumerable<string> Memory(string name, ModelFacts facts) =>
        RestorePlan.Create(1000, 700, false, new() { Mode = RestoreMode.Reference }, facts, Machine.Facts).Memory
            .Select(part => FormattableString.Invariant($"{name} memory, {part.Name}: {part.Bytes}"));

    private static string Text(string name, NetworkCost cost)
    {
        string parts = string.Join('\n', cost.Parts.Select(part => FormattableString.Invariant($"{part.Name} {part.Operations:r}")));
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..16];
        return FormattableString.Invariant($"{name}: {cost.Operations:r}; {cost.Parameters}; {cost.TransformedParameters}; ") +
            FormattableString.Invariant($"{cost.PeakElements}; {cost.Parts.Count} parts {digest}");
    }

    /// <summary>Each line is in the table.</summary>
    private static void Compare(string[] lines)
    {
        string[] table = Numbers.Split('\n', StringSplitOptions.TrimEntries), missing = [.. lines.Where(line => !table.Contains(line))];
        Assert.IsEmpty(missing, $"These numbers have changed:\n{string.Join('\n', missing)}\n");
    }
}

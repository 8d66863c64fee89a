using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>
/// Derives configurations in diffusers' form for a model in the original layout, which has none: channels, blocks, layers and widths come
/// from the weights. Values that shapes cannot reveal are those of Stable Diffusion 2 (heads of 64 channels, norm groups, scaling factor,
/// GELU).
/// </summary>
public static class LdmConfigs
{
    private const int HeadWidth = 64;

    /// <summary>The configuration of one network.</summary>
    /// <param name="tensors">The file's tensors by key.</param>
    /// <param name="part">The network.</param>
    /// <exception cref="ModelException">The network is not in the file, or is of an unknown kind.</exception>
    public static JsonElement Detect(IReadOnlyDictionary<string, TensorInfo> tensors, ModelPart part)
    {
        var shapes = new LdmShapes(LdmLayout.Of(tensors, part), part);
        return JsonSerializer.SerializeToElement(part switch
        {
            ModelPart.UNet => UNet(shapes),
            ModelPart.Vae => Vae(shapes),
            _ => Text(shapes),
        });
    }

    /// <summary>
    /// The noise schedule of Stable Diffusion 2.1-base. A file in the original layout does not state its prediction type.
    /// </summary>
    public static JsonElement Scheduler() => JsonSerializer.SerializeToElement(new
    {
        _class_name = "DDPMScheduler",
        num_train_timesteps = 1000,
        beta_start = 0.00085,
        beta_end = 0.012,
        beta_schedule = "scaled_linear",
        clip_sample = false,
        prediction_type = "epsilon",
    });

    private static object UNet(LdmShapes shapes)
    {
        int places = shapes.Count("input_blocks.");
        // The first downsampler ends the first block, and every block but the last has one.
        int step = Enumerable.Range(1, places).FirstOrDefault(n => shapes.Has($"input_blocks.{n}.0.op.weight"), places);
        int blocks = Math.Max(places / step, 1);
        int[] widths =
        [
            .. Enumerable.Range(0, blocks).Select(b => (int)shapes.Size($"input_blocks.{1 + b * step}.0.out_layers.3.weight", 0)),
        ];
        string[] down =
        [
            .. Enumerable
                .Range(0, blocks)
                .Select(b => shapes.Has($"input_blocks.{1 + b * step}.1.proj_in.weight") ? "CrossAttnDownBlock2D" : "DownBlock2D"),
        ];
        string[] up =
        [
            .. Enumerable
                .Range(0, blocks)
                .Select(b => shapes.Has($"output_blocks.{b * step}.1.proj_in.weight") ? "CrossAttnUpBlock2D" : "UpBlock2D"),
        ];
        return new
        {
            _class_name = "UNet2DConditionModel",
            act_fn = "silu",
            attention_head_dim = widths.Select(width => Math.Max(width / HeadWidth, 1)).ToArray(),
            block_out_channels = widths,
            center_input_sample = false,
            cross_attention_dim = shapes.Size("middle_block.1.transformer_blocks.0.attn2.to_k.weight", 1),
            down_block_types = down,
            downsample_padding = 1,
            dual_cross_attention = false,
            flip_sin_to_cos = true,
            freq_shift = 0,
            in_channels = shapes.Size("input_blocks.0.0.weight", 1),
            layers_per_block = step - 1,
            mid_block_scale_factor = 1,
            mid_block_type = "UNetMidBlock2DCrossAttn",
            norm_eps = 1e-5,
            norm_num_groups = 32,
            only_cross_attention = false,
            out_channels = shapes.Size("out.2.weight", 0),
            sample_size = 64,
            transformer_layers_per_block = shapes.Count("middle_block.1.transformer_blocks."),
            up_block_types = up,
            use_linear_projection = shapes.Rank("middle_block.1.proj_in.weight") == 2,
        };
    }

    private static object Vae(LdmShapes shapes)
    {
        int blocks = shapes.Count("encoder.down.");
        return new
        {
            _class_name = "AutoencoderKL",
            act_fn = "silu",
            block_out_channels = Enumerable
                .Range(0, blocks)
                .Select(b => shapes.Size($"encoder.down.{b}.block.0.conv2.weight", 0))
                .ToArray(),
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", blocks).ToArray(),
            in_channels = shapes.Size("encoder.conv_in.weight", 1),
            latent_channels = shapes.Size("decoder.conv_in.weight", 1),
            layers_per_block = shapes.Count("encoder.down.0.block."),
            mid_block_add_attention = shapes.Has("encoder.mid.attn_1.q.weight"),
            norm_num_groups = 32,
            out_channels = shapes.Size("decoder.conv_out.weight", 0),
            sample_size = 512,
            scaling_factor = 0.18215,
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", blocks).ToArray(),
            use_post_quant_conv = shapes.Has("post_quant_conv.weight"),
            use_quant_conv = shapes.Has("quant_conv.weight"),
        };
    }

    private static object Text(LdmShapes shapes)
    {
        long width = shapes.Size("token_embedding.weight", 1);
        return new
        {
            architectures = new[] { "CLIPTextModel" },
            bos_token_id = 0,
            eos_token_id = 2,
            hidden_act = "gelu",
            hidden_size = width,
            intermediate_size = shapes.Size("transformer.resblocks.0.mlp.c_fc.weight", 0),
            layer_norm_eps = 1e-5,
            max_position_embeddings = shapes.Size("positional_embedding", 0),
            model_type = "clip_text_model",
            num_attention_heads = Math.Max(width / HeadWidth, 1),
            // Stable Diffusion 2 uses the last layer but one.
            num_hidden_layers = shapes.Count("transformer.resblocks.") - 1,
            pad_token_id = 1,
            vocab_size = shapes.Size("token_embedding.weight", 0),
        };
    }
}

using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;

namespace Hypir.Planning.Cost;

/// <summary>Computes a text encoder's cost.</summary>
internal static class TextCost
{
    /// <summary>The cost of one prompt.</summary>
    public static NetworkCost Of(TextEncoderConfig config)
    {
        TextOutline outline = TextOutline.Of(config);
        var cost = new CostCounter();
        foreach (LayerOutline layer in outline.Layers)
        {
            switch (layer)
            {
                case EmbeddingLayer table:
                    cost.Table(table.Entries, table.Width);
                    break;
                case LayerNormLayer norm:
                    cost.Norm(norm.Channels);
                    break;
                case LinearLayer linear:
                    cost.Linear(linear.InWidth, linear.OutWidth, outline.Tokens, linear.Bias);
                    break;
                case AttentionLayer attention:
                    cost.Attention(outline.Tokens, outline.Tokens, attention.Width);
                    break;
            }
        }

        cost.Alive(outline.Tokens * (4 * outline.Width + 2 * config.IntermediateSize));
        return cost.Finish();
    }
}

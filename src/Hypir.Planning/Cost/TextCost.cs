using Hypir.Planning.Configs;

namespace Hypir.Planning.Cost;

/// <summary>Computes a text encoder's cost.</summary>
internal static class TextCost
{
    /// <summary>The cost of one prompt.</summary>
    public static NetworkCost Of(TextEncoderConfig config)
    {
        var cost = new CostCounter();
        long width = config.HiddenSize, tokens = config.MaxPositionEmbeddings;
        cost.Table(config.VocabSize, width);
        cost.Table(tokens, width);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            cost.Norm(width);
            for (int linear = 0; linear < 4; linear++)
                cost.Linear(width, width, tokens);
            cost.Attention(tokens, tokens, width);
            cost.Norm(width);
            cost.Linear(width, config.IntermediateSize, tokens);
            cost.Linear(config.IntermediateSize, width, tokens);
        }
        cost.Norm(width);
        cost.Alive(tokens * (4 * width + 2 * config.IntermediateSize));
        return cost.Finish();
    }
}

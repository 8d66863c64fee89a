using Hypir.Imaging.Jpeg;

namespace Hypir.Imaging.Damage;

/// <summary>The cosine transforms of all blocks of 8x8 pixels of some windows.</summary>
internal sealed class LumaBlocks
{
    private const int Side = 8;

    private LumaBlocks(List<float[]> coefficients) => Coefficients = coefficients;

    /// <summary>64 coefficients of each block, in natural order; the first is 8 times the block's mean, less that of middle gray.</summary>
    public IReadOnlyList<float[]> Coefficients { get; }

    /// <summary>Transforms the blocks on JPEG's grid.</summary>
    public static LumaBlocks Of(IReadOnlyList<LumaWindow> windows)
    {
        var all = new List<float[]>();
        foreach (LumaWindow window in windows)
        {
            for (int y = 0; y + Side <= window.Height; y += Side)
            {
                for (int x = 0; x + Side <= window.Width; x += Side)
                {
                    var block = new float[BlockTransform.Size];
                    for (int i = 0; i < BlockTransform.Size; i++)
                        block[i] = window.Samples[(y + i / Side) * window.Width + x + i % Side] - 128;
                    BlockTransform.Forward(block, block);
                    all.Add(block);
                }
            }
        }

        return new(all);
    }
}

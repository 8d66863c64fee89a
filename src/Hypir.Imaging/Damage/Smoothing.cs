namespace Hypir.Imaging.Damage;

/// <summary>Gaussian blurs of planes of numbers. Beyond the border, samples repeat.</summary>
internal static class Smoothing
{
    /// <summary>Blurs a plane.</summary>
    /// <param name="samples">The plane, row after row.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="sigma">The standard deviation in pixels.</param>
    public static float[] Gaussian(float[] samples, int width, int height, double sigma)
    {
        int reach = Reach(sigma);
        double[] weights = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        float[] kernel = [.. weights.Select(weight => (float)(weight / weights.Sum()))];
        float[] rows = Along(samples, width, height, kernel, reach, 1);
        return Along(rows, width, height, kernel, reach, width);
    }

    /// <summary>How far a blur looks to each side, in pixels.</summary>
    public static int Reach(double sigma) => (int)(4 * sigma + 2);

    /// <param name="samples">The plane.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="kernel">The weights.</param>
    /// <param name="reach">Weights on each side of the middle.</param>
    /// <param name="step">1 along rows, the width along columns.</param>
    private static float[] Along(float[] samples, int width, int height, float[] kernel, int reach, int step)
    {
        var result = new float[samples.Length];
        int length = step == 1 ? width : height;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = step == 1 ? x : y, i = y * width + x;
                float sum = 0;
                if (at >= reach && at < length - reach)
                {
                    for (int k = -reach; k <= reach; k++)
                        sum += kernel[k + reach] * samples[i + k * step];
                }
                else
                {
                    for (int k = -reach; k <= reach; k++)
                        sum += kernel[k + reach] * samples[i + (Math.Clamp(at + k, 0, length - 1) - at) * step];
                }

                result[i] = sum;
            }
        }

        return result;
    }
}

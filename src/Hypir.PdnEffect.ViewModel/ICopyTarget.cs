namespace Hypir.PdnEffect.ViewModel;

/// <summary>Takes a copy of the result, on a thread of the pool.</summary>
public interface ICopyTarget
{
    /// <summary>The copy's size is known.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    void Begin(int width, int height);

    /// <summary>Takes a row, from the top.</summary>
    /// <param name="row">The row.</param>
    /// <param name="pixels">Blue, green, red, straight alpha; sRGB.</param>
    void Take(int row, ReadOnlySpan<byte> pixels);

    /// <summary>All rows were given: only now may anything be seen of it.</summary>
    void End();
}

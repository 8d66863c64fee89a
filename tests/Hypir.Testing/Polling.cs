namespace Hypir.Testing;

/// <summary>
/// Waits for what another process or thread does and announces to nobody. Only the condition ends the wait; the pause between two looks
/// keeps the wait from taking a core.
/// </summary>
public static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Blocks until a condition holds.</summary>
    public static void Until(Func<bool> condition)
    {
        while (!condition())
            Thread.Sleep(Pause);
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until a condition holds that is asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(Pause);
    }
}

namespace PaintDotNet.AppModel;

public abstract record PluginOptions
{
    internal PluginOptions()
    {
    }

    public bool IsFrozen { get; private set; }

    internal void Freeze() => IsFrozen = true;

    protected void VerifyNotFrozen()
    {
        if (IsFrozen)
            throw new InvalidOperationException("The options are frozen.");
    }
}

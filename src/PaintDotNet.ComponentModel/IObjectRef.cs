namespace PaintDotNet.ComponentModel;

public interface IObjectRef : IIsDisposed
{
    bool? TryCreateRef(Type interfaceType, out IObjectRef? newObjectRef);
}

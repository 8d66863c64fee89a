namespace PaintDotNet;

public interface IInternalImpl
{
}

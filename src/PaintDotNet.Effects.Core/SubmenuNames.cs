namespace PaintDotNet.Effects;

public static class SubmenuNames
{
    public static string Photo => "Photo";
}

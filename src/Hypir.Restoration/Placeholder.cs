namespace Hypir.Restoration;
internal static class Placeholder;

using System.Globalization;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.Tests.Support;

/// <summary>Words for tests.</summary>
internal static class Language
{
    public static Words English { get; } = Words.For(CultureInfo.InvariantCulture);

    public static Words Chinese { get; } = Words.For(new CultureInfo("zh-CN"));
}

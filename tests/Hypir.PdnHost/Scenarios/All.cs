namespace Hypir.PdnHost.Scenarios;

/// <summary>The scenarios by name, in the order of play.</summary>
internal static class All
{
    public static IEnumerable<(string Name, Func<Stage, Task> Play)> Scenarios { get; } =
    [
        ("menu: the constructor does nothing", Life.Menu),
        ("nothing is computed before the person asks", Life.NothingUnasked),
        ("restore and accept", Pixels.Whole),
        ("restore, rendered by another effect object", Pixels.Apart),
        ("the pixels are those of hypir restore", Pixels.Command),
        ("cancel leaves the layer", Life.Cancel),
        ("strength answers from the cached result", Pixels.Strength),
        ("working resolution 2x", Pixels.Double),
        ("feathered selection", Pixels.Feathered),
        ("irregular selection", Pixels.Irregular),
        ("selection of 1x1", Pixels.Tiny),
        ("selection 3 pixels wide", Pixels.Narrow),
        ("selection at the border", Pixels.Border),
        ("transparent layer", Pixels.Transparent),
        ("document that is not sRGB", Pixels.NotSrgb),
        ("the accepted token computes nothing again", Life.NoSecondTime),
        ("the next dialog shows the result that is there", Life.Reopened),
        ("settings are kept from one start to the next", Life.Kept),
        ("a preview of one area leaves the canvas", Life.Area),
        ("repeat on new pixels", Life.Repeat),
        ("repeat is cancelled", Life.RepeatCancelled),
        ("stop", Life.Stop),
        ("close while running", Life.CloseWhileRunning),
        ("double click", Life.DoubleClick),
        ("double click of a mouse", Life.Mouse),
        ("engine killed while running", Trouble.Killed),
        ("engine killed twice", Trouble.KilledTwice),
        ("no engine", Trouble.NoEngine),
        ("no model", Trouble.NoModel),
        ("repeat without an engine", Trouble.RepeatWithoutEngine),
        ("click to result", Figures.ClickToResult),
        ("a layer of 4000x3000", Trouble.Large),
        ("look: light, English", Looks.LightEnglish),
        ("look: dark, English", Looks.DarkEnglish),
        ("look: light, Chinese", Looks.LightChinese),
        ("look: dark, Chinese", Looks.DarkChinese),
        ("random sequences", Sequences.Play),
    ];
}

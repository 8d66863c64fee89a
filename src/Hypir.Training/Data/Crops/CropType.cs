namespace Hypir.Training.Data.Crops;

/// <summary>How training pictures are cut to one size.</summary>
public enum CropType
{
    /// <summary>Not at all: pictures have the size already.</summary>
    None,

    /// <summary>Scaled until the shorter side fits, and cut in the middle.</summary>
    Center,

    /// <summary>Scaled to a random size from just fitting on, and cut at a random place.</summary>
    Random,
}

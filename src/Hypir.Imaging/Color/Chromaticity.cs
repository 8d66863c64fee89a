namespace Hypir.Imaging.Color;

/// <summary>A point of the CIE 1931 chromaticity diagram.</summary>
internal readonly record struct Chromaticity(double X, double Y);

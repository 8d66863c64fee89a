using System.Windows.Forms;

namespace Hypir.PdnHost.Host;

/// <summary>How a dialog ended.</summary>
/// <param name="Result">OK or Cancel.</param>
/// <param name="After">The document afterwards.</param>
/// <param name="Failure">What went wrong in the script, or null.</param>
/// <param name="Undisposed">Controls that outlived the dialog.</param>
internal sealed record DialogOutcome(DialogResult Result, RasterImage After, Exception? Failure, int Undisposed);

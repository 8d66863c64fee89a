using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect;

/// <summary>Less frequent commands: own models, downloads, copies, presets, help.</summary>
internal sealed class MoreMenu : ContextMenuStrip
{
    private const int Around = 5;

    private readonly RestoreViewModel _model;
    private readonly Form _form;
    private readonly Action _help;
    private readonly Action<string> _open;
    private readonly Guard _guard;

    /// <param name="model">The dialog.</param>
    /// <param name="form">The dialog's window.</param>
    /// <param name="help">Shows help.</param>
    /// <param name="open">Opens a URL.</param>
    public MoreMenu(RestoreViewModel model, Form form, Action help, Action<string> open)
    {
        (_model, _form, _help, _open, _guard) = (model, form, help, open, new(model));
        ShowImageMargin = false;
        if (Theme.IsDark(form.BackColor))
            Renderer = new DarkMenuRenderer(form.BackColor, form.ForeColor);
    }

    private Words Words => _model.Words;

    /// <summary>Opens upward and to the left, where the window has room for long model names.</summary>
    /// <param name="button">The button that opens it.</param>
    public void ShowAbove(Control button)
    {
        // Fill it before showing: its position depends on its size, which is unknown until then.
        Fill();
        Size size = GetPreferredSize(Size.Empty);
        Show(button, new Point(button.Width - size.Width, -size.Height));
    }

    private void Fill()
    {
        while (Items.Count > 0)
            Items[0].Dispose();
        Item("copyFile2", Words[Phrase.CopyToFile2], CopyItems(), () => ToFile(2));
        Item("copyFile4", Words[Phrase.CopyToFile4], CopyItems(), () => ToFile(4));
        Item("copyClipboard2", Words[Phrase.CopyToClipboard2], CopyItems(), () => ToClipboard(2));
        Item("copyClipboard4", Words[Phrase.CopyToClipboard4], CopyItems(), () => ToClipboard(4));
        Items.Add(new ToolStripSeparator());
        Item("addModel", Words[Phrase.AddModel], null, AddModel);
        // Access keys are numbers, as in other growing lists; titles may contain ampersands.
        foreach ((int index, ModelEntry entry) in _model.Obtainable.Index())
            Item(
                "get." + entry.Name,
                Words.Of(Phrase.GetModel, index + 1, _model.TitleOf(entry).Replace("&", "&&", StringComparison.Ordinal)), null,
                () => _model.GetModelAsync(entry.Name, Accept));
        if (_model.OffersGpu)
            Item("gpu", Words[Phrase.GpuUse], null, UseGpu);
        Items.Add(new ToolStripSeparator());
        Item("savePreset", Words[Phrase.PresetSave], null, SavePreset);
        Item("deletePreset", Words[Phrase.PresetDelete], null, DeletePreset).Enabled = _model.IsOwn(_model.Current);
        Items.Add(new ToolStripSeparator());
        Item("help", Words[Phrase.Help], null, Help).Enabled = true;
    }

    /// <summary>Creates the submenu for copies.</summary>
    private ToolStripMenuItem CopyItems()
    {
        if (Items["copy"] is ToolStripMenuItem there)
            return there;
        var item = new ToolStripMenuItem(Words[Phrase.SaveCopy]) { Name = "copy", Enabled = _model.CanStart, ForeColor = _form.ForeColor };
        ((ToolStripDropDownMenu)item.DropDown).ShowImageMargin = false;
        Add(item);
        return item;
    }

    private ToolStripMenuItem Item(string name, string text, ToolStripMenuItem? under, Func<Task> click)
    {
        var item = new ToolStripMenuItem(text) { Name = name, Enabled = _model.CanStart, ForeColor = _form.ForeColor };
        item.Click += (_, _) => _guard.Run(click);
        if (under is null)
            Add(item);
        else
            under.DropDownItems.Add(item);
        return item;
    }

    /// <summary>
    /// The system uses the same few pixels of padding at every scaling, except in submenus.
    /// </summary>
    private void Add(ToolStripMenuItem item)
    {
        int more = _form.LogicalToDeviceUnits(Around) - Around;
        item.Margin += new Padding(0, more, 0, more);
        Items.Add(item);
    }

    private async Task ToFile(int scale)
    {
        using var dialog = new SaveFileDialog
        {
            Filter = $"{Words[Phrase.FilterImage]} (*.png)|*.png",
            DefaultExt = "png",
            FileName = $"hypir-{scale}x.png",
        };
        if (dialog.ShowDialog(_form) != DialogResult.OK)
            return;
        using var copy = new BitmapCopy(dialog.FileName);
        await _model.CopyAsync(scale, copy, () => Words.Of(Phrase.CopySaved, dialog.FileName));
    }

    private async Task ToClipboard(int scale)
    {
        using var copy = new BitmapCopy(null);
        await _model.CopyAsync(scale, copy, () =>
        {
            copy.ToClipboard();
            return Words[Phrase.CopyOnClipboard];
        });
    }

    private async Task AddModel()
    {
        using var dialog = new OpenFileDialog
        {
            Filter = $"{Words[Phrase.FilterWeights]} (*.safetensors;*.pth;*.pt)|*.safetensors;*.pth;*.pt",
        };
        if (dialog.ShowDialog(_form) == DialogResult.OK)
            await _model.AddLoraAsync(dialog.FileName);
    }

    private bool Accept(LicenseText license, long? bytes) =>
        AskForm.Accept(
            _form, Words[Phrase.LicenceTitle], _model.DownloadWords(bytes), license.Text, Words[Phrase.LicenceTerms],
            () => _open(license.Address), Words[Phrase.LicenceAccept], Words[Phrase.LicenceDecline]);

    private Task UseGpu() =>
        AskForm.Agree(_form, Words[Phrase.Title], _model.GpuWords, Words[Phrase.GpuInstall], Words[Phrase.Cancel])
            ? _model.InstallGpuAsync()
            : Task.CompletedTask;

    private Task SavePreset()
    {
        if (AskForm.Line(_form, Words[Phrase.Title], Words[Phrase.PresetName], Words[Phrase.Ok], Words[Phrase.Cancel]) is { } name)
            _model.SavePreset(name);
        return Task.CompletedTask;
    }

    private Task DeletePreset()
    {
        if (_model.Current is { } preset)
            _model.DeletePreset(preset);
        return Task.CompletedTask;
    }

    private Task Help()
    {
        _help();
        return Task.CompletedTask;
    }
}

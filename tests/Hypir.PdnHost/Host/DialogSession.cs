using System.Diagnostics;
using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using PaintDotNet.Effects;

namespace Hypir.PdnHost.Host;

/// <summary>A dialog on the screen and somebody who uses it.</summary>
internal sealed class DialogSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly EffectConfigForm _form;
    private readonly List<Control> _controls = [];

    public DialogSession(EffectConfigForm form, Preview preview)
    {
        (_form, Preview) = (form, preview);
        form.TokenChanged += (_, _) => preview.Show(form.Token);
    }

    public Preview Preview { get; }

    public Exception? Failure { get; private set; }

    public int Undisposed { get; private set; }

    public Form Form => _form;

    public string Status => Find<Label>("status").Text;

    public T Find<T>(string name)
        where T : Control => (T)_form.Controls.Find(name, true).Single();

    /// <summary>The entries of a list, as they are shown.</summary>
    public List<string> Entries(string name)
    {
        ComboBox list = Find<ComboBox>(name);
        return [.. list.Items.Cast<object>().Select(item => list.GetItemText(item) ?? "")];
    }

    public bool CanClick(string name) => Find<Button>(name).Enabled;

    public void Click(string name) => Find<Button>(name).PerformClick();

    /// <summary>The window that stands before the dialog, if there is one.</summary>
    public Form? Asked => Application.OpenForms.Cast<Form>().LastOrDefault(form => form != _form && form != _form.Owner && form.Visible);

    /// <summary>Opens the menu More, chooses, and waits for the window that this opens.</summary>
    /// <param name="item">The entry's name.</param>
    /// <param name="look">Looks at the open menu.</param>
    public async Task<Form> Choose(string item, Func<ContextMenuStrip, Task>? look = null)
    {
        await Pick(item, look);
        await Until(() => Asked is not null && ThreadWindows.Menu() is null, $"{item} opens a window");
        return Asked!;
    }

    /// <summary>Opens the menu More and chooses.</summary>
    /// <param name="item">The entry's name, in the menu or one under it.</param>
    /// <param name="look">Looks at the open menu.</param>
    public async Task Pick(string item, Func<ContextMenuStrip, Task>? look = null) =>
        Check.That(await TryPick(item, look), $"{item} cannot be chosen.");

    /// <summary>Opens the menu More and chooses what can be chosen; else it closes the menu.</summary>
    /// <param name="item">The entry's name, in the menu or one under it.</param>
    /// <param name="look">Looks at the open menu.</param>
    /// <returns>Whether it could be chosen.</returns>
    public async Task<bool> TryPick(string item, Func<ContextMenuStrip, Task>? look = null)
    {
        ContextMenuStrip menu = await OpenMenu();
        if (look is not null)
            await look(menu);
        ToolStripItem entry = menu.Items.Find(item, searchAllChildren: true).Single();
        bool can = entry.Enabled && entry.OwnerItem is not { Enabled: false };
        if (can)
        {
            (entry.OwnerItem as ToolStripMenuItem)?.ShowDropDown();
            // Not from here: a window that it opens keeps whoever opens it until it is closed.
            _form.BeginInvoke(entry.PerformClick);
        }
        else
        {
            menu.Close();
        }
        await Until(() => ThreadWindows.Menu() is null, "the menu is gone");
        return can;
    }

    /// <summary>Opens the menu More, looks at it, and closes it.</summary>
    /// <param name="look">Looks.</param>
    public async Task Menu(Action<ContextMenuStrip> look)
    {
        ContextMenuStrip menu = await OpenMenu();
        look(menu);
        menu.Close();
        await Until(() => ThreadWindows.Menu() is null, "the menu is gone");
    }

    /// <summary>Where a control's middle is on the screen.</summary>
    public Point Middle(string name)
    {
        Control control = Find<Control>(name);
        return control.PointToScreen(new(control.Width / 2, control.Height / 2));
    }

    /// <summary>Closes the dialog as somebody does who insists: while a run is under way, the first time only stops it.</summary>
    /// <param name="close">How.</param>
    public async Task Leave(Action close)
    {
        close();
        await Tick();
        if (_form.Visible)
            close();
    }

    /// <summary>Presses OK, and says yes where the result is one of other settings.</summary>
    public async Task Accept()
    {
        Click("ok");
        await Tick();
        // Once the dialog is gone, a window that is open belongs to the next dialog.
        if (_form.Visible)
            Asked?.Press("yes");
    }

    /// <summary>Waits until something is so; a dialog that never gets there hangs.</summary>
    public async Task Until(Func<bool> so, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!so())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"Waited in vain until {what}; the dialog says \"{Status}\".");
            await Tick();
        }
    }

    /// <summary>Lets the dialog's thread go on for a moment.</summary>
    public static async Task Tick()
    {
        var ticked = new TaskCompletionSource();
        using var timer = new System.Windows.Forms.Timer { Interval = 15 };
        timer.Tick += (_, _) => ticked.TrySetResult();
        timer.Start();
        await ticked.Task;
    }

    /// <summary>Until the engine has told its models, or has not.</summary>
    public Task Ready() => Until(() => CanClick("restore") || CanClick("ok"), "the dialog can be used");

    /// <summary>Until a run is over and the canvas shows what it gave.</summary>
    public async Task Settled()
    {
        await Until(
            () =>
                !CanClick("stop")
                && !Status.StartsWith("Stopping", StringComparison.Ordinal)
                && !Status.StartsWith("Starting", StringComparison.Ordinal),
            "the run is over"
        );
        await Until(() => Preview.IsIdle, "the canvas is rendered");
    }

    /// <summary>Shows the dialog and plays.</summary>
    /// <param name="script">What a person does.</param>
    /// <param name="owner">The editor's window, or null.</param>
    public DialogResult Run(Func<DialogSession, Task> script, Form? owner = null)
    {
        _form.Shown += async (_, _) =>
        {
            Collect(_form);
            try
            {
                if (SynchronizationContext.Current is not WindowsFormsSynchronizationContext)
                    throw new InvalidOperationException(
                        $"The dialog's thread has a {SynchronizationContext.Current?.GetType().Name ?? "missing context"}.");
                await script(this);
            }
            catch (Exception failure)
            {
                Failure = failure;
                await Abandon();
            }
        };
        return _form.ShowDialog(owner);
    }

    /// <summary>What the editor does when the dialog is gone.</summary>
    public void Close()
    {
        Preview.Dispose();
        _form.Dispose();
        Undisposed = _controls.Count(control => !control.IsDisposed);
    }

    public void Dispose() => _form.Dispose();

    private async Task<ContextMenuStrip> OpenMenu()
    {
        await Until(() => Asked is null, "the last window is gone");
        Click("more");
        await Until(() => ThreadWindows.Menu() is not null, "the menu is open");
        return ThreadWindows.Menu()!;
    }

    /// <summary>Even a dialog that hangs has to go, and what stands before it first: whoever opened that would wait for ever.</summary>
    private async Task Abandon()
    {
        for (int i = 0; i < 200 && (FileWindow.IsOpen || Asked is not null); i++)
        {
            if (FileWindow.IsOpen)
                FileWindow.Cancel();
            else
                Asked?.Close();
            await Tick();
        }
        _form.Dispose();
    }

    private void Collect(Control control)
    {
        _controls.Add(control);
        foreach (Control child in control.Controls)
            Collect(child);
    }
}

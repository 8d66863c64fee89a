using System.Diagnostics.CodeAnalysis;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel;

/// <content>Models: the list, the user's own, downloads.</content>
public sealed partial class RestoreViewModel
{
    /// <summary>The usable models; empty until the engine has listed them.</summary>
    public IReadOnlyList<ModelEntry> Models { get; private set; } = [];

    /// <summary>The downloadable models.</summary>
    public IReadOnlyList<ModelEntry> Obtainable { get; private set; } = [];

    /// <summary>
    /// Asks the engine for its models, starting it if needed. Failures appear in <see cref="Status"/>; the next run tries again.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is shown to the user; the host must not crash.")]
    public async Task LoadAsync()
    {
        if (State != RunState.Idle || Models.Count > 0)
            return;
        State = RunState.Connecting;
        SetStatus(Words[Phrase.Connecting]);
        try
        {
            ModelList list = await _client.ListModelsAsync(_life.Token);
            if (!_disposed)
                Take(list);
        }
        catch (Exception failure)
        {
            if (!_disposed)
                End(Failure.Of(failure, _engine, Words));
        }
    }

    /// <summary>Downloads a model after the user has accepted its licenses. Partial downloads are kept when it is stopped.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="accept">Shows a license and the download size, if known, and returns whether the user accepts. Called on the dialog's
    /// thread.</param>
    public async Task GetModelAsync(string model, Func<LicenseText, long?, bool> accept)
    {
        if (!CanStart || Obtainable.FirstOrDefault(entry => entry.Name == model) is not { } wanted)
            return;
        await RunAsync(
            Words.Of(Phrase.DownloadConnecting, TitleOf(wanted)),
            async run =>
            {
                foreach (ModelLicense license in wanted.Licences.Where(license => !license.Accepted))
                {
                    LicenseText text = await _client.GetLicenceAsync(license.Id, run.Token);
                    if (text.Accepted is not null)
                        continue; // Installed since the models were listed, by a download that was then stopped.
                    if (!accept(text, wanted.DownloadBytes))
                        return () => SetStatus(IdleStatus());
                    await _client.AcceptLicenceAsync(text, run.Token);
                }
                ModelEntry got = await _client.DownloadModelAsync(wanted.Name, Transfer(run, TitleOf(wanted)), run.Token);
                return Added(got, await _client.ListModelsAsync(run.Token));
            },
            Phrase.DownloadKept,
            needsModel: false);
    }

    /// <summary>
    /// Adds LoRA weights chosen by the user as a model, on the base that they fit, with the current advanced settings as its defaults.
    /// </summary>
    /// <param name="path">The full path of the file, from a file dialog.</param>
    public async Task AddLoraAsync(string path)
    {
        if (!CanStart)
            return;
        string title = Path.GetFileNameWithoutExtension(path);
        await RunAsync(Words.Of(Phrase.DownloadChecking, title), async run =>
        {
            var request = new AddModelRequest { Path = path, CoeffT = Settings.CoeffT, Tile = Settings.Tile };
            ModelEntry added = await _client.AddModelAsync(request, Transfer(run, title), run.Token);
            return Added(added, await _client.ListModelsAsync(run.Token));
        }, needsModel: false);
    }

    /// <summary>A model's display name.</summary>
    /// <param name="model">The model.</param>
    public string TitleOf(ModelEntry model) => ModelTitles.Of(Words, model.Title);

    /// <summary>The text shown before a download begins.</summary>
    /// <param name="bytes">The download size, or null if unknown.</param>
    public string DownloadWords(long? bytes) =>
        bytes is { } size ? Words.Of(Phrase.LicenceSize, ProgressWords.Size(Words, size)) : Words[Phrase.LicenceSizeUnknown];

    private LatestReports<DownloadReport> Transfer(CancellationTokenSource run, string title) => new(Post, report =>
    {
        if (_run != run || State != RunState.Running)
            return;
        Fraction = report.TotalBytes is > 0 and { } total ? Math.Clamp(report.ReceivedBytes / (double)total, 0, 1) : 0;
        SetStatus(ProgressWords.Of(Words, title, report));
    });

    private Action Added(ModelEntry model, ModelList list) => () =>
    {
        Take(list);
        Choose(Settings with { Model = model.Name, CoeffT = null, Tile = null });
        SetStatus(Words.Of(Phrase.ModelReady, TitleOf(model)));
    };

    private void Take(ModelList list)
    {
        Models = [.. list.Models.Where(model => model.Problem is null && model.State == ModelState.Ready)];
        Obtainable = [.. list.Models.Where(model => model.State is ModelState.Available or ModelState.Partial)];
        if (Models.Count == 0)
        {
            string diagnostics = string.Join(Environment.NewLine, list.Models.Select(model => $"{model.Name}: {model.Problem}"));
            End(new(Words[Phrase.NoModel], Words[Phrase.NoModelAction], diagnostics));
            return;
        }
        if (Models.All(model => model.Name != Settings.Model))
            Settings = Settings with { Model = Models[0].Name };
        Failure = null;
        State = RunState.Idle;
        SetStatus(IdleStatus());
        Plan();
        _ = AskForGpuAsync();
    }
}

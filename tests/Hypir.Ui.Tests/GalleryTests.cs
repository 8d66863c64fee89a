using Hypir.Ui.Work;

namespace Hypir.Ui.Tests;

/// <summary>The queue of jobs.</summary>
[TestClass]
public sealed class GalleryTests : UiTest, IDisposable
{
    private readonly PrivateFolder _folder = new();
    private readonly Gallery _gallery;

    public GalleryTests() => _gallery = new(Settings, _folder);

    public void Dispose()
    {
        _gallery.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public async Task A_job_can_be_put_first_and_cancelled()
    {
        UiImage image = Add("a.png"), other = Add("b.png");
        Job[] jobs = [new(image, new()), new(image, new() { Upscale = 2 }), new(other, new()), new(other, new() { Upscale = 2 })];
        foreach (Job job in jobs)
            _gallery.Enqueue(job);
        _gallery.PutFirst(jobs[2]);
        _gallery.Cancel(jobs[1]);
        Assert.AreEqual(ImageState.Queued, image.State);
        Assert.AreSame(jobs[2], await NextAsync());
        Assert.AreSame(jobs[0], await NextAsync());
        Assert.AreSame(jobs[3], await NextAsync());
        Assert.AreEqual(ImageState.Ready, image.State);
    }

    [TestMethod]
    public async Task Previews_come_first_and_replace_their_like()
    {
        UiImage image = Add("a.png");
        Job whole = new(image, new()), early = new(image, new(), new(0, 0, 8, 8)), late = new(image, new(), new(8, 8, 8, 8));
        foreach (Job job in (Job[])[whole, early, late])
            _gallery.Enqueue(job);
        Assert.AreSame(late, await NextAsync());
        Assert.AreSame(whole, await NextAsync());
    }

    [TestMethod]
    public async Task The_same_job_is_not_done_twice()
    {
        UiImage image = Add("a.png");
        Job first = new(image, new());
        _gallery.Enqueue(first);
        _gallery.Enqueue(new(image, new()));
        Assert.HasCount(1, image.Jobs);
        // Nor while it runs; once it is done, it may be done again.
        Assert.AreSame(first, await _gallery.TakeAsync(TestContext.CancellationToken));
        _gallery.Enqueue(new(image, new()));
        Assert.HasCount(1, image.Jobs);
        _gallery.End(first, null);
        _gallery.Enqueue(new(image, new()));
        Assert.HasCount(1, image.Jobs);
    }

    [TestMethod]
    public async Task Cancelling_all_begins_none()
    {
        UiImage image = Add("a.png");
        Job running = new(image, new()), waiting = new(image, new() { Upscale = 2 });
        _gallery.Enqueue(running);
        _gallery.Enqueue(waiting);
        await _gallery.TakeAsync(TestContext.CancellationToken);
        _gallery.CancelAll();
        Assert.IsTrue(running.Cancel.IsCancellationRequested);
        Assert.IsEmpty(image.Jobs);
        _gallery.End(running, null);
        Assert.IsFalse(_gallery.IsOccupied);
    }

    private UiImage Add(string name) => _gallery.Add(Gallery.NewId(), name, MakeImage(name, 16, 16));

    private async Task<Job> NextAsync()
    {
        Job job = await _gallery.TakeAsync(TestContext.CancellationToken);
        _gallery.End(job, null);
        return job;
    }
}

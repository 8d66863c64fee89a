using Hypir.Planning.Machine;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>Limits as Linux tells them, in a tree of files as /proc and /sys show it.</summary>
[TestClass]
public sealed class ControlGroupTests
{
    private readonly string _root = Directory.CreateTempSubdirectory("hypir-").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void Version_2_has_the_least_of_all_groups_around_the_process()
    {
        Write("proc/self/cgroup", "0::/slurm/job_7/step\n");
        Write("sys/fs/cgroup/slurm/job_7/step/memory.max", "max\n");
        Write("sys/fs/cgroup/slurm/job_7/step/memory.current", "900\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.max", "5000\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.current", "1200\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.stat", "anon 700\nactive_file 100\ninactive_file 300\n");
        Write("sys/fs/cgroup/slurm/memory.max", "9000\n");
        Write("sys/fs/cgroup/slurm/memory.current", "2000\n");
        Assert.AreEqual(5000 - 1200 + 300, ControlGroup.Free(_root));
        Write("sys/fs/cgroup/slurm/memory.max", "2100\n");
        Assert.AreEqual(100, ControlGroup.Free(_root));
        Write("sys/fs/cgroup/slurm/memory.max", "1000\n");
        Assert.AreEqual(0, ControlGroup.Free(_root));
    }

    [TestMethod]
    public void Version_1_in_a_container_shows_the_hosts_path_and_the_containers_group()
    {
        Write("proc/self/cgroup", "9:name=systemd:/docker/abc\n5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n");
        Directory.CreateDirectory(Path.Combine(_root, "sys/fs/cgroup/unified"));
        Write("sys/fs/cgroup/cpu/docker/memory.limit_in_bytes", "1\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "4000\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
        Write("sys/fs/cgroup/memory/memory.stat", "cache 9\ninactive_file 1\ntotal_inactive_file 50\n");
        Assert.AreEqual(3050, ControlGroup.Free(_root));
    }

    [TestMethod]
    public void Without_a_limit_there_is_none()
    {
        Assert.IsNull(ControlGroup.Free(_root));
        Write("proc/self/cgroup", "0::/user.slice\n1:memory:/a\n");
        Assert.IsNull(ControlGroup.Free(_root));
        Write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "5\n");
        Assert.IsNull(ControlGroup.Free(_root));
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

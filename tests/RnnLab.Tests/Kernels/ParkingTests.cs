using RnnLab.Kernels.Threads;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Kernels;

/// <summary>The kernels' threads between jobs.</summary>
public sealed class ParkingTests
{
    private const int Threads = 3;

    [LinuxFact]
    public void Some_time_after_a_job_its_threads_sleep_and_use_no_processor() => OwnProcess.Run([Program.Parking]);

    /// <summary>Runs jobs and looks on until every kernel thread has slept for a while; does not return where one never does.</summary>
    internal static int WaitUntilParked()
    {
        for (var job = 0; job < 10; job++)
            Team.Shared.Run(Threads, new NoWork());
        for (var quiet = 0; quiet < 10;)
        {
            var before = Clocks();
            Assert.Equal(Threads - 1, before.Count);
            Thread.Sleep(50);
            quiet = Clocks().SequenceEqual(before) && before.All(thread => thread.State == "S") ? quiet + 1 : 0;
        }
        // Whoever sleeps can be woken.
        Team.Shared.Run(Threads, new NoWork());
        return 0;
    }

    /// <summary>State and processor time of each of the threads: fields 3, 14 and 15 of proc_pid_stat(5).</summary>
    private static List<(string Thread, string State, long Ticks)> Clocks() =>
    [
        .. from thread in Directory.EnumerateDirectories("/proc/self/task").Order(StringComparer.Ordinal)
           let stat = File.ReadAllText(Path.Combine(thread, "stat"))
           where stat.Contains("(RnnLab kernels", StringComparison.Ordinal)
           let fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')
           select (thread, fields[0], long.Parse(fields[11]) + long.Parse(fields[12])),
    ];

    private sealed class NoWork : Job
    {
        public override void Run(int worker) => WaitForAll();
    }
}

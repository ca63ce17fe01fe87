using RnnLab.Benchmarks.PeerProcesses;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Benchmarks;

/// <summary>Talking to a program that a shell plays.</summary>
public sealed class PeerTests
{
    [PosixFact]
    public void A_peer_is_prepared_and_timed()
    {
        using var peer = Shell("echo ready toy 1.0; while read verb rest; do case $verb in prepare) echo ok;; *) echo 0.25;; esac; done");
        Assert.Equal("toy 1.0", peer.Version);
        peer.Prepare("lstm 1 2 3 3");
        Assert.Equal(0.25, peer.Timed("train")(7));
    }

    [PosixFact]
    public void A_peer_sleeps_while_it_waits_and_keeps_to_the_threads_it_is_given()
    {
        using var peer = Shell("echo ready $OMP_WAIT_POLICY $OMP_NUM_THREADS; read line");
        Assert.Equal("passive 3", peer.Version);
    }

    [PosixFact]
    public void A_peer_that_cannot_start_is_left_out_with_one_line()
    {
        var told = new List<string>();
        using var peer = new Peer("toy", () => Shell("echo Traceback >&2; echo 'no module toy' >&2; exit 1"), "install toy", told.Add);
        Assert.Null(peer.Try(_ => "done"));
        Assert.Null(peer.Try(_ => "done"));
        Assert.Equal(["toy is left out: no module toy (install toy)"], told);
    }

    [PosixFact]
    public void A_peer_that_fails_later_is_left_out_from_then_on()
    {
        var told = new List<string>();
        using var peer = new Peer("toy", () => Shell("echo ready 1; read line; echo 'out of memory' >&2; exit 1"), "install toy", told.Add);
        Assert.Equal("done", peer.Try(_ => "done"));
        Assert.Null(peer.Try(process =>
        {
            process.Prepare("lstm 1 1 1 1");
            return "prepared";
        }));
        Assert.Equal(["toy is left out: out of memory"], told);
    }

    [Fact]
    public void A_program_that_does_not_exist_is_a_peer_that_is_missing()
        => Assert.Contains("rnnlab-no-such-program does not start", Assert.Throws<PeerException>(() => new PeerProcess("rnnlab-no-such-program", [], 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_peer_that_is_not_asked_for_is_not_started()
    {
        using var peer = new Peer("toy", null, "install toy", line => Assert.Fail(line));
        Assert.Null(peer.Try(_ => "done"));
    }

    private static PeerProcess Shell(string script) => new("/bin/sh", ["-c", script], 3);
}

"""Small contests between adapters that behave, are slow, break, crash or are not there; real processes."""

import pytest

from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.failure import Status
from numa_peers.catalogue import OURS, PEERS
from numa_peers.contest import ENOUGH, Rules, hold
from numa_peers.environment import Environment, Install
from numa_peers.league import League

pytest.importorskip("trackeval", reason="needs the eval extra")


def test_all_do_the_same_frames_in_turns_and_ours_is_the_measure(fake, tmp_path):
    notes, done = [], []
    theirs = Environment("theirs", (Install(("nothing",)),))
    (tmp_path / "theirs/bin").mkdir(parents=True)
    peers = (fake("ours", "time.sleep(0.001)"), fake("slower", "time.sleep(0.004)"), fake("gone", environment=theirs))
    rules = Rules((3, 5), rounds=2, frames=6)
    found = hold(peers, rules, tmp_path, Watch(notes.append, lambda *step: done.append(step)))
    assert [(one.peer, one.objects) for one in found] == [(p, n) for n in (3, 5) for p in ("ours", "slower", "gone")]
    ours, slower, gone = found[:3]
    assert ours.ratio == pytest.approx(1)
    assert slower.ratio > 1.5
    assert ours.frames == (6, 6)
    assert ours.scores.truth_ids == 3
    assert ours.version == slower.version != ""
    assert (gone.status, gone.reason) == (Status.UNAVAILABLE, "not installed: run with --setup first")
    assert "3 objects: 2 rounds of 6 frames" in notes
    assert done[-1] == (6, 6)
    league = League(found, rules, {"cpu": "a slide rule", "date": "2026-11-21"})
    lines = "\n".join(league.lines())
    assert "gone" in lines
    assert "not installed: run with --setup first" in lines
    assert "| slower |" in league.markdown()
    assert [row["status"] for row in league.to_dict()["rows"]] == ["ok", "ok", "unavailable"] * 2


def test_whatever_goes_wrong_harms_its_own_row_only(fake, tmp_path):
    peers = (
        fake("ours"),
        fake("breaks", "if len(rows) > 12: raise ValueError('too many')"),
        fake("crashes", "if tracker.frames > 5: os.abort()"),
        fake("hangs", "if tracker.frames > 5: time.sleep(600)"),
    )
    rules = Rules((5, 40), rounds=2, frames=8, limit_s=6)
    found = {(one.peer, one.objects): one for one in hold(peers, rules, tmp_path)}
    assert found["ours", 40].status is Status.OK
    assert found["breaks", 5].status is Status.OK
    assert (found["breaks", 40].status, found["breaks", 40].reason) == (Status.FAILED, "ValueError: too many")
    assert found["crashes", 5].status is Status.CRASHED
    assert "SIGABRT" in found["crashes", 5].reason
    assert found["hangs", 5].status is Status.TIMEOUT
    lines = "\n".join(League(tuple(found.values()), rules, {"cpu": "", "date": ""}).lines())
    assert "breaks at 40 objects: failed: ValueError: too many" in lines


@pytest.mark.slow
def test_the_slow_do_what_they_can_in_their_turn(fake, tmp_path):
    peers = (fake("ours"), fake("slow", "time.sleep(0.1)"), fake("slowest", "time.sleep(1)"))
    rules = Rules((4,), rounds=3, frames=50, turn_s=1.1)
    ours, slow, slowest = hold(peers, rules, tmp_path)
    assert not ours.cut
    assert slow.cut
    assert slow.frames[0] >= ENOUGH
    assert slow.scores.frames == slow.frames[0]
    assert slowest.frames[0] < ENOUGH
    lines = League((ours, slow, slowest), rules, {"cpu": "", "date": ""}).lines()
    assert f"slow at 4 objects: {slow.frames[0]} of 50 frames in 1.1 s" in lines


def test_what_it_takes_to_make_the_input_counts_when_asked_for(fake, tmp_path):
    peer = fake("picky")
    peer.script.write_text(
        peer.script.read_text().replace("    return rows\n", "    time.sleep(0.005)\n    return rows\n", 1)
    )
    quick, whole = (
        hold([peer], Rules((4,), rounds=1, frames=12, arrays=arrays), tmp_path)[0] for arrays in (False, True)
    )
    assert quick.cost.quiet_ms < 5 <= whole.cost.quiet_ms


def test_ours_is_in_the_catalogue_and_every_adapter_is_there():
    assert PEERS[0].environment is OURS
    assert len({peer.name for peer in PEERS}) == len(PEERS)
    assert all(peer.script.is_file() for peer in PEERS)


@pytest.mark.slow
def test_our_own_adapter_tracks(tmp_path):
    (ours,) = hold(PEERS[:1], Rules((10,), rounds=1, frames=30), tmp_path)
    assert ours.version
    assert ours.scores.mota > 80
    assert ours.cost.quiet_ms > 0


@pytest.mark.peers
def test_peers_that_are_installed_track(tmp_path):
    from numa_peers.environment import default_home

    installed = [peer for peer in PEERS if peer.environment.ready(default_home())]
    if len(installed) < 2:
        pytest.skip("no peer is installed: python benchmarks/peers/track.py --setup (or set NUMA_PEERS)")
    for one in hold(installed, Rules((10,), rounds=1, frames=30), default_home()):
        assert one.status is Status.OK, f"{one.peer}: {one.reason}"
        assert one.scores.mota > 80, one.peer

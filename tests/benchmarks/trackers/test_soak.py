import json
import sys

import pytest

from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.trackers import soak as module
from numa_benchmarks.trackers.soak import Soak, soak
from numa_runtime.tracking.config import TrackerName

ALONE = (sys.executable, "-m", "numa_benchmarks.trackers.soak")


def test_growth_is_the_largest_change_after_the_first_tenth():
    samples = (50.0, 90.0, 100.0, 100.5, 99.0, 103.0, 101.0, 100.0, 100.0, 100.0)
    assert Soak("bytetrack", 10, 10, 5, samples).settled_mb == 90
    assert Soak("bytetrack", 10, 10, 5, (*samples[1:], 100.0)).growth_mb == 3
    assert Soak("bytetrack", 10, 10, 5, (1.0, 5.0, 4.0, 3.0)).growth_mb == 4


def test_a_leak_is_seen(monkeypatch):
    leak = []
    monkeypatch.setattr(module, "rss_mb", lambda: leak.append(0) or float(len(leak)))
    assert soak("bytetrack", 5, 100).growth_mb == 89


def test_every_frame_is_tracked_and_objects_come_and_go():
    found = soak("bytetrack", objects=20, frames=250)
    assert len(found.samples) == 100
    assert found.born > 20 + 250 * 20 / module.LIFETIME / 2
    assert Soak.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_in_a_process_of_its_own_it_leaves_its_figures():
    words = (*ALONE, "bytetrack", "--objects", "5", "--frames", "50", "--json", JSON_FILE)
    found = Soak.from_dict(Command(words, "tracking").run(300))
    assert (found.objects, found.frames) == (5, 50)
    with pytest.raises(Failure, match="failed: there is no tracker 'nonesuch'"):
        Command((*ALONE, "nonesuch"), "tracking").run(300)


@pytest.mark.slow
@pytest.mark.parametrize("tracker", list(TrackerName))
def test_memory_is_flat_over_100_000_frames(tracker):
    found = Soak.from_dict(Command((*ALONE, str(tracker), "--json", JSON_FILE), "tracking").run(1800))
    assert found.frames == 100_000
    assert found.born > 100_000
    assert abs(found.growth_mb) < 2

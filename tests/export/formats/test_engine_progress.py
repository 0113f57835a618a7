import pytest

from numa_export.formats.engine_progress import Phases, make_monitor


class Bindings:
    class IProgressMonitor:
        pass


def feed(monitor):
    """What TensorRT reports: phases inside phases, some of them unannounced."""
    monitor.phase_start("Building engine", None, 4)
    monitor.phase_start("Cloning", "Building engine", 100)
    going = all(monitor.step_complete("Cloning", step) for step in range(100))
    monitor.phase_finish("Cloning")
    going &= all(monitor.step_complete("Building engine", step) for step in range(4))
    going &= monitor.step_complete("never started", 3)
    monitor.phase_finish("Building engine")
    return going


def test_the_share_only_grows_and_ends_at_one():
    seen = []
    phases = Phases(lambda name, share: seen.append((name, share)))
    assert feed(make_monitor(Bindings, phases))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert ("Cloning", 0.125) in seen
    assert not phases.cancelled
    phases.reraise()


def test_false_cancels():
    phases = Phases(lambda name, share: share < 0.1)
    assert not feed(make_monitor(Bindings, phases))
    assert phases.cancelled
    phases.reraise()


def test_what_the_callback_raises_comes_back_behind_the_builder():
    def stop(name, share):
        raise KeyboardInterrupt

    phases = Phases(stop)
    assert not feed(make_monitor(Bindings, phases))
    with pytest.raises(KeyboardInterrupt):
        phases.reraise()


def test_nobody_has_to_listen():
    assert feed(make_monitor(Bindings, Phases(None)))

from dataclasses import replace

import pytest

from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.quiet import Cost
from numa_benchmarks.trackers.scenes import SceneSpec, World
from numa_benchmarks.trackers.soak import Soak
from numa_benchmarks.trackers.track_report import TrackReport
from numa_benchmarks.trackers.track_rows import GrowthRow, SceneRow, SoakRow, growth

PLACE = {"cpu": "a slide rule", "date": "2026-11-21T00:00:00", "packages": {"numba": "0.68"}}


def row(tracker, objects, micro, world=World.OPEN):
    return SceneRow(tracker, SceneSpec(objects, world), Cost.of([[micro * 1000] * 20]))


ROWS = (row("bytetrack", 1000, 200), row("bytetrack", 10_000, 2200), row("bytetrack", 1000, 900, World.CROWD))
MEMORY = (
    SoakRow("bytetrack", Soak("bytetrack", 100, 1000, 12_345, (100.0, 101.0, 101.5))),
    SoakRow("sort", failure=Failure(Status.CRASHED, "SIGSEGV while tracking")),
)
REPORT = TrackReport(ROWS, tuple(growth(list(ROWS), 1000, 10_000)), MEMORY, (), 6, PLACE)


def test_growth_compares_open_worlds_only():
    assert REPORT.growth == (GrowthRow("bytetrack", 1000, 10_000, pytest.approx(11)),)
    assert growth([row("sort", 1000, 5)], 1000, 10_000) == []


def test_the_tables():
    lines = "\n".join(REPORT.lines())
    assert "bytetrack  crowd    1,000     900.0" in lines
    assert "bytetrack      100   1,000  12,345   100.0       +1.5" in lines
    assert "sort       crashed: SIGSEGV while tracking" in lines
    assert "bytetrack: 10 times the objects (1,000 to 10,000) take 11.0 times as long" in lines
    assert "a slide rule" in REPORT.footnote()


def test_a_busy_machine_is_told_of():
    assert "busy" not in REPORT.footnote()
    told = replace(REPORT, environment={**PLACE, "load_average": 7.5, "logical_cpus": 2}).footnote()
    assert told.endswith("The machine was busy (load 7.5 on 2 CPUs): measure again.")


def test_markdown_keeps_the_reasons():
    text = REPORT.markdown()
    assert "| bytetrack | open | 1,000 | 200.0 |" in text
    assert "- sort: crashed: SIGSEGV while tracking" in text
    assert text.endswith(".\n")


def test_keys():
    data = REPORT.to_dict()
    first, memory = data["rows"][0], data["memory"]
    assert (first["tracker"], first["world"], first["objects"]) == ("bytetrack", "open", 1000)
    assert first["track_ms_quiet"] == pytest.approx(0.2)
    assert first["per_object_ns"] == pytest.approx(200)
    assert {"track_ms_p50", "track_ms_p99", "hota", "mota", "idf1", "id_switches"} <= set(first)
    assert memory[0]["rss_growth_mb"] == 1.5
    assert (memory[1]["status"], memory[1]["reason"]) == ("crashed", "SIGSEGV while tracking")
    assert data["growth"] == [
        {"tracker": "bytetrack", "objects_from": 1000, "objects_to": 10_000, "factor": pytest.approx(11)}
    ]


def test_complete_is_without_failures():
    assert not REPORT.complete
    assert replace(REPORT, memory=MEMORY[:1]).complete

"""`compat="classic"` reproduces the published tracker row by row on real detections."""

import tarfile

import numpy as np
import pytest
from support import shared_data

from numa_runtime.tracking.tracker import Tracker

SEQUENCES = ("02", "04", "05", "09", "10", "11", "13")


@pytest.fixture(scope="module")
def mot(tmp_path_factory):
    """Unpack the oracle and its inputs once."""
    folder = tmp_path_factory.mktemp("mot")
    wanted = {
        "bytetrack-classic.tar.xz": ".txt",
        "MOT17-dets-yolox_x_ablation.tar.xz": ".txt",
        "MOT17-train.tar.xz": ("det-SDP.txt", "seqinfo.ini"),
    }
    for name, ends in wanted.items():
        with tarfile.open(shared_data("mot", name)) as archive:
            members = [m for m in archive.getmembers() if m.name.endswith(ends)]
            archive.extractall(folder, members, filter="data")
    return folder


def one(folder, pattern):
    (path,) = folder.rglob(pattern)
    return path


def detections(mot, sequence, detector):
    if detector == "SDP":
        path = one(mot, f"MOT17-{sequence}/det/det-SDP.txt")
    else:
        path = one(mot, f"MOT17-dets-yolox_x_ablation/MOT17-{sequence}-SDP.txt")
    table = np.loadtxt(path, delimiter=",")
    boxes = np.column_stack([table[:, 2:4], table[:, 2:4] + table[:, 4:6], table[:, 6], np.zeros(len(table))])
    info = one(mot, f"MOT17-{sequence}/seqinfo.ini").read_text()
    length = int(next(line for line in info.splitlines() if line.startswith("seqLength")).split("=")[1])
    return [np.ascontiguousarray(boxes[table[:, 0] == frame]) for frame in range(1, length + 1)]


@pytest.mark.parametrize("detector", ["YOLOX", "SDP"])
@pytest.mark.parametrize("sequence", SEQUENCES)
def test_equals_the_published_tracker(mot, sequence, detector):
    expected = np.loadtxt(one(mot, f"bytetrack-classic/MOT17-{sequence}-{detector}.txt"), delimiter=",")
    tracker = Tracker("bytetrack", compat="classic")
    got = []
    for frame, rows in enumerate(detections(mot, sequence, detector), 1):
        tracks = tracker.update(rows)
        got.append(np.column_stack([np.full(len(tracks), frame), tracks]))
    rows = np.concatenate(got)
    assert rows.shape == expected.shape
    assert np.array_equal(rows[:, [0, 5, 7, 8]], expected[:, [0, 5, 7, 8]])  # frame, id, class, index: in order
    np.testing.assert_allclose(rows[:, 1:5], expected[:, 1:5], rtol=0, atol=1e-3)
    np.testing.assert_allclose(rows[:, 6], expected[:, 6], rtol=0, atol=1e-6)

"""Archives are walked end to end: what torch.save never writes is refused in a sentence."""

import io
import struct
import zipfile

import pytest

from numa_deploy.network.foreign.archive import Archive, BadArchive


def made(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


MEMBERS = [("best/data.pkl", b"\x80\x02N."), ("best/data/0", bytes(range(64)) * 4)]
GOOD = made(MEMBERS)


def opened(tmp_path, data):
    path = tmp_path / "x.pt"
    path.write_bytes(data)
    with Archive(path) as archive:
        return {name: archive.read(name) for name in archive.members}


def test_members_come_back(tmp_path):
    assert opened(tmp_path, GOOD) == {"data.pkl": MEMBERS[0][1], "data/0": MEMBERS[1][1]}


def test_what_torch_writes_is_read(tmp_path):
    torch = pytest.importorskip("torch", reason="needs the train extra")
    path = tmp_path / "t.pt"
    torch.save({"a": torch.arange(5)}, path)
    with Archive(path) as archive:
        assert archive.read("data/0") == torch.arange(5).numpy().tobytes()


def flag(data, bit):
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(mark) + offset] |= bit
    return bytes(changed)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (lambda: GOOD[:-30], "its end is missing"),
        (lambda: b"", "too short"),
        (lambda: GOOD + b"x", "its end is missing"),
        (lambda: b"x" + GOOD, "best/data.pkl|directory"),
        (lambda: made(MEMBERS, zipfile.ZIP_DEFLATED), "is compressed"),
        (lambda: made([*MEMBERS, ("best/DATA/0", b"1")]), "two members best/DATA/0"),
        (lambda: made([*MEMBERS, MEMBERS[1]]), "two members best/data/0"),
        (lambda: made([*MEMBERS, ("other/x", b"1")]), "lies outside the archive's one folder"),
        (lambda: made([("best/../x", b"1")]), "lies outside"),
        (lambda: flag(GOOD, 1), "is encrypted"),
        (lambda: flag(GOOD, 32), "flags or a comment"),
        (lambda: GOOD.replace(bytes(range(64)), bytes(64), 1), "the checksum of data/0 is wrong"),
        (lambda: GOOD.replace(b"best/data/0", b"best/data/1", 1), "contradicts the directory"),
    ],
)
def test_tricks_are_refused(data, text, tmp_path):
    with pytest.raises(BadArchive, match=text):
        opened(tmp_path, data())


def test_a_pickle_that_is_too_long_is_not_read(tmp_path):
    path = tmp_path / "x.pt"
    path.write_bytes(GOOD)
    with (
        Archive(path) as archive,
        pytest.raises(BadArchive, match="data/0 has 256 bytes, more than the 10 that are read"),
    ):
        archive.read("data/0", 10)


def test_every_damaged_byte_is_told_or_harmless(tmp_path):
    expected = opened(tmp_path, GOOD)
    for at in range(len(GOOD)):
        changed = bytearray(GOOD)
        changed[at] ^= 0xFF
        try:
            got = opened(tmp_path, bytes(changed))
        except BadArchive:
            continue
        assert got == expected, at  # a date, a version: nothing that is read


def test_two_members_may_not_share_bytes(tmp_path):
    data = bytearray(GOOD)
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 0)
    with pytest.raises(BadArchive):
        opened(tmp_path, bytes(data))

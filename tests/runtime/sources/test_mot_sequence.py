import logging

import pytest
from mot_sources import FRAMES, write_sequence

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import Listed, MediaKind
from numa_runtime.sources.mot_sequence import find_sequences
from numa_runtime.sources.source import open_source


@pytest.fixture
def train(tmp_path):
    for name in ("S-10", "S-2"):
        write_sequence(tmp_path / "train" / name)
    return tmp_path / "train"


def test_a_folder_of_sequences_is_a_video_each_in_natural_order(train):
    with open_source(train) as source:
        assert (source.name, len(source)) == ("train", 2)
        found = [(media.info, list(media)) for media in source]
    assert [info.name for info, _ in found] == ["S-2", "S-10"]
    info, frames = found[0]
    assert (info.kind, info.fps, info.frame_count) == (MediaKind.VIDEO, 10.0, FRAMES)
    assert (info.width, info.height, info.pictures) == (128, 96, True)
    assert [frame.timestamp for frame in frames[:3]] == pytest.approx([0, 0.1, 0.2])


@pytest.mark.parametrize("inside", ["", "img1"])
def test_a_sequence_and_its_images_are_the_same(train, inside):
    with open_source(train / "S-2" / inside) as source:
        (media,) = source
        assert (source.name, media.info.name, media.info.fps) == ("S-2", "S-2", 10.0)
        assert media.info.path == str(train / "S-2")


def test_the_folder_one_stands_in(train, monkeypatch):
    monkeypatch.chdir(train / "S-2" / "img1")
    assert [each.name for each in find_sequences(".")] == ["S-2"]
    monkeypatch.chdir(train / "S-2")
    assert [each.name for each in find_sequences(".")] == ["S-2"]
    assert [each.name for each in find_sequences("img1")] == ["S-2"]


def test_a_pattern_picks_sequences(train):
    assert [each.name for each in find_sequences(str(train / "*-10"))] == ["S-10"]
    assert find_sequences(str(train / "*.jpg")) == []


def test_a_rate_that_is_said_wins_over_the_file(train):
    with open_source(train / "S-2", frame_rate=50.0) as source:
        assert [media.info.fps for media in source] == [50.0]


def test_an_image_folder_of_another_name(train):
    folder = train / "S-2"
    (folder / "img1").rename(folder / "left")
    ini = folder / "seqinfo.ini"
    ini.write_text(ini.read_text().replace("img1", "left"))
    assert [each.images for each in find_sequences(folder)] == [folder / "left"]
    assert [each.folder for each in find_sequences(folder / "left")] == [folder]


def test_a_folder_with_pictures_or_videos_of_its_own_is_what_it_was(train):
    (train / "S-2" / "clip.mp4").touch()
    assert find_sequences(train / "S-2") == []
    assert [each.name for each in find_sequences(train)] == ["S-10"]


def test_lost_images_are_said(train, caplog):
    (train / "S-2" / "img1" / "000003.png").unlink()
    with caplog.at_level(logging.WARNING), open_source(train / "S-2") as source:
        (media,) = source
        frames = list(media)
    assert [frame.index for frame in frames] == [0, 1, *range(3, FRAMES)]  # the others keep their numbers
    assert frames[2].timestamp == pytest.approx(0.3)
    assert (media.read(3) == frames[2].image).all()
    with pytest.raises(SourceError, match="S-2 has no frame 2"):
        media.read(2)
    assert "S-2 has 11 images, and seqinfo.ini says 12 frames" in caplog.text


def test_without_images_only_where_they_are_not_needed(tmp_path):
    folder = write_sequence(tmp_path / "S-1", images=False)
    with pytest.raises(SourceError, match=r"S-1 has no images: .*img1 is missing") as caught:
        open_source(folder)
    assert "--detections det/det.txt" in caught.value.hint
    with open_source(folder, unseen=True, vid_stride=5) as source:
        (media,) = source
        assert isinstance(media, Listed)
        assert (media.info.pictures, media.info.width, media.info.frame_count) == (False, 128, FRAMES)
        assert [(place.index, place.timestamp) for place in media.places()] == [(0, 0), (5, 0.5), (10, 1.0)]
        with pytest.raises(SourceError, match="cannot be read again"):
            media.reader(0)()


def test_a_description_that_makes_no_sense(train):
    (train / "S-2" / "seqinfo.ini").write_text("[Sequence]\nseqLength=9\nframeRate=0\n")
    with pytest.raises(SourceError, match=r"seqinfo\.ini: 9 frames at 0 a second"):
        open_source(train / "S-2")


def test_images_that_count_from_0_or_are_no_numbers(train):
    folder = train / "S-2" / "img1"
    for number in range(FRAMES):
        (folder / f"{number + 1:06d}.png").rename(folder / f"{number:06d}.png")
    with open_source(train / "S-2") as source:
        assert [[frame.index for frame in media] for media in source] == [list(range(FRAMES))]
    for number in range(FRAMES):
        (folder / f"{number:06d}.png").rename(folder / f"frame{number * 7}.png")
    with open_source(train / "S-2") as source:
        assert [[frame.index for frame in media] for media in source] == [list(range(FRAMES))]

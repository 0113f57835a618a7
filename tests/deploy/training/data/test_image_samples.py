"""Image samples: pixels as prediction has them, the same for every cache, chances by seed, epoch and number."""

import numpy as np
import pytest
from image_folders import write_images
from memory_growth import growth

pytest.importorskip("torch", reason="needs the train extra")

from numa_benchmarks.labels.errors import DataError
from numa_deploy.training.augment_options import IMAGES, Augmentation
from numa_deploy.training.data.fitted_images import FittedImages
from numa_deploy.training.data.image_index import open_images
from numa_deploy.training.data.image_samples import ImageSamples
from numa_deploy.training.data.loader import Order, make_loader
from numa_runtime.contract import Color, InputSpec
from numa_runtime.sources.pixels import read_image
from numa_runtime.vision.letterbox import letterbox

SIZE = (64, 96)
SPEC = InputSpec(height=None, width=None, channels=3, frames=1, batch=None, color=Color.RGB)


@pytest.fixture
def data(tmp_path):
    return write_images(tmp_path / "data", train=6, pose=True)


def samples_of(data, tmp_path, cache="ram", augment=IMAGES, seed=0, last_mosaic=9, spec=SPEC):
    found = open_images(data, "train", keypoints=False, cache=tmp_path / "cache")
    fitted = FittedImages(found.index, spec, SIZE, cache, tmp_path / "cache")
    return ImageSamples(found.index, 2, fitted, spec, augment, found.flip, seed, last_mosaic)


def same(one, two):
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("pixels", "boxes", "keypoints"))


@pytest.mark.parametrize("color", [Color.RGB, Color.BGR, Color.GRAY])
def test_unchanged_samples_are_what_prediction_sees(data, tmp_path, color):
    spec = InputSpec(
        height=None, width=None, channels=1 if color is Color.GRAY else 3, frames=1, batch=None, color=color
    )
    samples = samples_of(data, tmp_path, augment=Augmentation(), spec=spec)
    found = open_images(data, "train", keypoints=False, cache=tmp_path / "cache").index
    for number in range(len(samples)):
        sample = samples[number]
        wanted = np.empty((spec.channels, *SIZE), np.uint8)
        done = letterbox(read_image(found.path(number)), wanted, color, spec.letterbox)
        assert np.array_equal(sample.pixels, wanted)
        back = done.to_source(sample.boxes)
        assert np.allclose(back, found.boxes[found.objects(number)], atol=1e-3)


def test_every_cache_gives_the_same_samples(data, tmp_path):
    kept = [samples_of(data, tmp_path, cache) for cache in ("none", "ram", "disk", "disk", "auto")]
    assert [one._fitted.kept_in for one in kept] == ["none", "ram", "disk", "disk", "ram"]
    for number in range(6):
        first = kept[0][number]
        assert all(same(first, one[number]) for one in kept[1:])
    assert len(list((tmp_path / "cache").glob("images-*.npy"))) == 1


def test_a_changed_image_is_read_anew(data, tmp_path):
    before = samples_of(data, tmp_path, "disk", Augmentation())[0].pixels
    image = data.parent / "images/train/0.png"
    image.write_bytes((data.parent / "images/train/1.png").read_bytes())
    assert not np.array_equal(samples_of(data, tmp_path, "disk", Augmentation())[0].pixels, before)


def test_chances_depend_on_seed_epoch_and_number_alone(data, tmp_path):
    one, two = samples_of(data, tmp_path), samples_of(data, tmp_path)
    [one[number] for number in (5, 3, 1)]
    assert same(one[2], two[2])
    before = two[2]
    two.epoch = 1
    assert not same(before, two[2])
    assert not same(before, samples_of(data, tmp_path, seed=1)[2])


def test_mosaics_end(data, tmp_path):
    samples = samples_of(data, tmp_path, augment=Augmentation(mosaic=1), last_mosaic=2)
    plain = samples_of(data, tmp_path, augment=Augmentation())
    assert not any(same(samples[number], plain[number]) for number in range(6))
    samples.epoch = 2
    assert all(same(samples[number], plain[number]) for number in range(6))


@pytest.mark.parametrize("cache", ["none", "ram", "disk"])
def test_a_damaged_image_is_named_and_says_nothing(data, tmp_path, cache):
    damaged = data.parent / "images/train/1.png"
    damaged.write_bytes(damaged.read_bytes()[:60])  # its header still says its size
    samples = samples_of(data, tmp_path, cache, Augmentation())
    assert samples._fitted.unreadable == ([] if cache == "none" else [1])
    batch = samples.join([samples[number] for number in range(3)])
    assert batch.unreadable == (str(damaged),)
    assert batch.targets.boxes.known.tolist() == [True, False, True]
    assert not batch.targets.boxes.valid[1].any()
    assert set(batch.images[1].flatten().tolist()) == {114}
    mosaics = samples_of(data, tmp_path, cache)
    batch = mosaics.join([mosaics[number] for number in range(6)])
    assert batch.targets.boxes.known.all()  # three other images are on it
    assert batch.unreadable == (str(damaged),)


def test_data_that_is_mostly_damaged_is_refused(data, tmp_path):
    for number in range(4):
        damaged = data.parent / f"images/train/{number}.png"
        damaged.write_bytes(damaged.read_bytes()[:60])
    with pytest.raises(DataError, match=r"4 of 6 images cannot be read, the first .*0.png"):
        samples_of(data, tmp_path, "ram")


def test_a_batch_holds_every_object(data, tmp_path):
    samples = samples_of(data, tmp_path, augment=Augmentation())
    batch = samples.join([samples[number] for number in range(3)])
    boxes = batch.targets.boxes
    assert batch.targets.balls is None
    assert batch.images.shape == (3, 3, *SIZE)
    assert boxes.valid.sum(1).tolist() == [1, 2, 3]
    for row in range(3):
        count = row + 1
        assert np.array_equal(boxes.boxes[row, :count].numpy(), samples[row].boxes)
        assert boxes.classes[row, :count].tolist() == samples[row].classes.tolist()
        assert np.array_equal(boxes.keypoints[row, :count].numpy(), samples[row].keypoints)


def test_rectangles_hold_images_of_like_shapes(tmp_path):
    wide = write_images(tmp_path / "data", train=4, size=(72, 160))
    tall = write_images(tmp_path / "tall", train=3, size=(160, 80))
    for file in (tall.parent / "images/train").iterdir():
        file.rename(wide.parent / "images/train" / f"tall-{file.name}")
    for file in (tall.parent / "labels/train").iterdir():
        file.rename(wide.parent / "labels/train" / f"tall-{file.name}")
    found = open_images(wide, "train", keypoints=False, cache=tmp_path / "cache")
    fitted = FittedImages(found.index, SPEC, (128, 128), "ram", tmp_path)
    samples = ImageSamples(found.index, 2, fitted, SPEC, Augmentation(), found.flip, 0, 0).in_rectangles(4, 32)
    order = Order(samples, 4, seed=0)
    batches = list(order)
    assert sorted(number for numbers in batches for number in numbers) == list(range(7))
    shapes = {samples.join([samples[number] for number in numbers]).images.shape[2:] for numbers in batches}
    assert shapes == {(64, 128), (128, 64)}
    for numbers in batches:
        for number in numbers:
            sample, here = samples[number], found.index.objects(number)
            sides = sample.boxes[:, 2:] - sample.boxes[:, :2]
            whole = found.index.boxes[here][:, 2:] - found.index.boxes[here][:, :2]
            ratio = 128 / max(found.index.shapes[number])
            assert np.allclose(sides, whole * ratio, atol=0.5)
    order.skip = 1
    assert list(order) == batches[1:]
    order.epoch = 1
    assert len(order) == 2


def test_weights_of_classes_are_by_frequency(data, tmp_path):
    samples = samples_of(data, tmp_path)
    assert samples.class_weights(0.0) is None
    counts = samples._index.class_counts(2).astype(float)
    weights = samples.class_weights(0.5).numpy()
    assert weights[0] / weights[1] == pytest.approx((counts[1] / counts[0]) ** 0.5)
    assert weights.mean() == pytest.approx(1)
    samples._classes = 3
    assert samples.class_weights(1.0).numpy()[2] == 1  # never labelled


def test_workers_give_the_same_batches(data, tmp_path):
    samples = samples_of(data, tmp_path)
    order = Order(samples, 4, seed=0)
    alone, apart = (list(make_loader(samples, order, workers)) for workers in (0, 2))
    assert len(alone) == len(apart) == 2
    for one, two in zip(alone, apart, strict=True):
        assert one.names == two.names
        assert bool((one.images == two.images).all())
        assert bool((one.targets.boxes.boxes == two.targets.boxes.boxes).all())


def test_memory_does_not_grow_with_the_samples_that_were_seen(data, tmp_path):
    samples = samples_of(data, tmp_path, "none")
    grown = growth(samples, 40, 400)
    assert grown < 20_000, f"{grown} bytes in 360 samples of {SIZE}"

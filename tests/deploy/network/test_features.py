"""Appearance features: the neck's values at each box's centre, alike in every form of a network."""

from functools import cache

import numpy as np
import pytest
import torch

from numa_deploy.network.builder import build
from numa_deploy.network.checkpoint import load, save
from numa_deploy.network.deploy.appearance import appearance, feature_length
from numa_deploy.network.model import Network
from numa_deploy.network.routes import run_layers
from numa_deploy.network.session import TorchSession
from numa_runtime.errors import ModelError

NAMES = ["yolov8n", "yolov8n-pose", "yolo11n", "multitask-n"]


def spread(network: Network, seed: int = 1) -> Network:
    """Give a network norms under which cells differ, as trained ones do."""
    generator = torch.Generator().manual_seed(seed)
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.weight.data.uniform_(1, 2, generator=generator)
            part.bias.data.normal_(0, 0.1, generator=generator)
        elif isinstance(part, torch.nn.Conv2d) and part.bias is not None and part.weight.requires_grad:
            part.bias.data.normal_(0, 1, generator=generator)
    return network.eval()


@cache
def network_of(name: str) -> Network:
    return spread(build(name))


@cache
def form_of(name: str, features: bool = True):
    return network_of(name).deploy(features=features)


def run(form, images):
    with torch.no_grad():
        return dict(zip(form.output_names, form(images), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_inference_form_equals_the_plain_path(name):
    network = network_of(name)
    images = network.example_input(64, 96, batch=2)
    expected, found = network.infer(images, features=True), run(form_of(name), images)
    assert list(expected) == list(found)
    assert found["features"].shape == (2, 126, 192)
    assert found["features"].dtype == torch.float32
    assert (found["features"].norm(dim=2) - 1).abs().max() < 1e-5
    # Equal scores may be in another order: the rows that belong together have the same box.
    for one, two in zip(range(2), range(2), strict=True):
        nearest = torch.cdist(found["boxes"][one], expected["boxes"][two]).argmin(1)
        assert (found["features"][one] - expected["features"][two][nearest]).abs().max() < 1e-3


def at_centre(level: np.ndarray, box: np.ndarray, stride: int) -> np.ndarray:
    """Bilinear interpolation between the four nearest cells, written apart from what it checks."""
    _, rows, columns = level.shape
    x = np.clip((box[0] + box[2]) / 2 / stride - 0.5, 0, columns - 1)
    y = np.clip((box[1] + box[3]) / 2 / stride - 0.5, 0, rows - 1)
    left, top = int(x), int(y)
    right, low = min(left + 1, columns - 1), min(top + 1, rows - 1)
    upper = level[:, top, left] * (left + 1 - x) + level[:, top, right] * (x - left)
    lower = level[:, low, left] * (left + 1 - x) + level[:, low, right] * (x - left)
    return upper * (top + 1 - y) + lower * (y - top)


@pytest.mark.parametrize("name", ["yolov8n", "yolov8n-pose"])
def test_each_candidate_has_the_necks_values_at_its_own_centre(name):
    network = network_of(name)
    images = network.example_input(64, 96)
    found = run(form_of(name), images)
    route = network.routes[-1]
    with torch.no_grad():
        every = run_layers(network.model, network.routes, images.float() / 255)
    levels = [every[source][0].double().numpy() for source in route.sources]
    for row in range(0, 126, 5):
        parts = []
        for level, stride in zip(levels, (8, 16, 32), strict=True):
            values = at_centre(level, found["boxes"][0, row].double().numpy(), stride) - level.mean((1, 2))
            group = len(values) // 64
            mean = np.array([values[group * i : group * (i + 1)].mean() for i in range(64)])
            parts.append(mean / np.linalg.norm(mean))
        np.testing.assert_allclose(found["features"][0, row].numpy(), np.concatenate(parts) / 3**0.5, atol=1e-4)


def test_a_moved_picture_moves_features_along():
    """The same pattern elsewhere has the same feature, except that the image's mean is another."""
    pattern = torch.randn(1, 8, 5, 5, generator=torch.Generator().manual_seed(0))
    levels = [torch.zeros(1, 8, 20, 20) for _ in range(2)]
    levels[0][..., 3:8, 4:9] = levels[1][..., 11:16, 9:14] = pattern
    boxes = torch.tensor([[[42.0, 34, 62, 54]]]), torch.tensor([[[82.0, 98, 102, 118]]])
    one, two = (appearance([level], box, 8) for level, box in zip(levels, boxes, strict=True))
    assert float((one * two).sum()) > 0.8
    elsewhere = appearance([levels[0]], boxes[1], 8)
    assert float((one * elsewhere).sum()) < 0.5


@pytest.mark.parametrize(
    ("channels", "length"),
    [((64, 128, 256), 192), ((192, 384, 576), 576), ((320, 640, 640), 960), ((48, 72), 48), ((16,), 16)],
)
def test_each_level_is_cut_to_what_divides_them_all(channels, length):
    assert feature_length(channels) == length
    levels = [torch.rand(2, c, 8 >> i, 4 >> i) for i, c in enumerate(channels)]
    found = appearance(levels, torch.rand(2, 5, 4) * 32, 8)
    assert found.shape == (2, 5, length)
    assert (found.norm(dim=2) - 1).abs().max() < 1e-5


@pytest.mark.parametrize("family", ["yolov8", "yolo11"])
@pytest.mark.parametrize("scale", list("nsmlx"))
def test_every_scale_has_a_useful_length(family, scale):
    from numa_deploy.network.builder import read

    with torch.device("meta"):
        head = Network(read(f"{family}{scale}")).detect_head
    assert head.feature_length >= 3 * 64
    assert head.feature_length == 3 * min(branch[0].conv.in_channels for branch in head.cv2)


@pytest.mark.parametrize("name", ["yolov8n-pose", "multitask-n"])
def test_they_are_off_unless_asked_for(name):
    plain, more = form_of(name, features=False), form_of(name)
    images = plain.example_input(64, 64)
    assert plain.spec == network_of(name).spec
    assert not plain.spec.has_features
    assert more.spec.has_features
    assert {out.name for out in more.spec.outputs} - {out.name for out in plain.spec.outputs} == {"features"}
    assert plain.state_dict().keys() == more.state_dict().keys()
    with_features = run(more, images)
    for output, values in run(plain, images).items():
        assert values.equal(with_features[output])


def test_the_contract_says_what_they_are():
    (output,) = (out for out in form_of("yolov8n-pose").spec.outputs if out.name == "features")
    assert output.shape == ("batch", "candidates", 192)
    assert output.meaning == "appearance: the neck's values at the box's centre, of length 1; compare by dot product"


def test_a_network_without_boxes_has_none():
    network = network_of("multitask-n")
    with pytest.raises(ModelError) as error:
        network.deploy(pose=False, features=True)
    assert error.value.what == "multitask-n has no head with boxes, so it has no features"
    assert error.value.hint == "omit features"


def test_a_checkpoint_and_the_torch_session_give_the_same(tmp_path):
    batch = form_of("yolov8n-pose").example_input(64, 64).numpy()
    again = load(save(network_of("yolov8n-pose"), tmp_path / "best.pt"))
    with TorchSession(again.deploy(features=True), device="cpu", threads=1) as session:
        assert [info.name for info in session.outputs] == ["boxes", "scores", "keypoints", "features"]
        found = session.run(batch)
    expected = run(form_of("yolov8n-pose"), torch.from_numpy(batch))
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values.numpy())

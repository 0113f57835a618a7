"""Appearance features: the neck's values at each candidate's cell, alike in every form of a network."""

from functools import cache
from math import gcd

import numpy as np
import pytest
import torch

from numa_deploy.network.builder import build
from numa_deploy.network.cells.appearance import feature_length, reduced
from numa_deploy.network.checkpoint import load, save
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
    assert found["features"].shape == (2, 126, 64)
    assert found["features"].dtype == torch.float32
    assert (found["features"].norm(dim=2) - 1).abs().max() < 1e-5
    # Equal scores may be in another order: the rows that belong together have the same box.
    for one, two in zip(range(2), range(2), strict=True):
        nearest = torch.cdist(found["boxes"][one], expected["boxes"][two]).argmin(1)
        assert (found["features"][one] - expected["features"][two][nearest]).abs().max() < 1e-4


@pytest.mark.parametrize("name", ["yolov8n", "yolov8n-pose"])
def test_each_candidate_has_the_values_of_its_own_cell(name):
    """Found independently: cells in the order of their best logit, groups averaged one by one."""
    network = network_of(name)
    images = network.example_input(64, 96)
    route = network.routes[-1]
    with torch.no_grad():
        features = run_layers(network.model, network.routes, images.float() / 255)
        levels = [features[source] for source in route.sources]
        raw = network.model[route.name](levels)
    best = torch.cat([level.flatten(2).amax(1) for level in raw.scores], 1)[0]
    cells = [(at, y, x) for at, lev in enumerate(levels) for y in range(lev.shape[2]) for x in range(lev.shape[3])]
    found = run(form_of(name), images)["features"][0]
    for place, cell in enumerate(best.argsort(descending=True).tolist()[:30]):
        at, y, x = cells[cell]
        values = levels[at][0, :, y, x].double().numpy()
        group = len(values) // 64
        mean = np.array([values[group * i : group * (i + 1)].mean() for i in range(64)])
        np.testing.assert_allclose(found[place].numpy(), mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.parametrize(
    ("channels", "length"),
    [((64, 128, 256), 64), ((192, 384, 576), 192), ((320, 640, 640), 320), ((48, 72), 24), ((16,), 16)],
)
def test_levels_are_cut_to_what_divides_them_all(channels, length):
    assert feature_length(channels) == length
    levels = [torch.arange(2 * c * 4.0).view(2, c, 2, 2) for c in channels]
    every = reduced(levels, length)
    assert every.shape == (2, length, 4 * len(channels))
    group = channels[-1] // length
    assert every[1, -1, -1] == pytest.approx(float(levels[-1][1, -group:, 1, 1].mean()))


@pytest.mark.parametrize("family", ["yolov8", "yolo11"])
@pytest.mark.parametrize("scale", list("nsmlx"))
def test_every_scale_has_a_useful_length(family, scale):
    from numa_deploy.network.builder import read

    with torch.device("meta"):
        head = Network(read(f"{family}{scale}")).detect_head
    assert head.feature_length >= 64
    assert head.feature_length == gcd(*(branch[0].conv.in_channels for branch in head.cv2))


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
    assert output.shape == ("batch", "candidates", 64)
    assert (
        output.meaning == "appearance: the neck's values at the candidate's cell, of length 1; compare by dot product"
    )


def test_a_network_without_boxes_has_none():
    network = network_of("multitask-n")
    with pytest.raises(ModelError) as error:
        network.deploy(pose=False, features=True)
    assert error.value.what == "multitask-n has no head with boxes, so it has no features"
    assert error.value.hint == "leave features away"


def test_a_checkpoint_and_the_torch_session_give_the_same(tmp_path):
    batch = form_of("yolov8n-pose").example_input(64, 64).numpy()
    again = load(save(network_of("yolov8n-pose"), tmp_path / "best.pt"))
    with TorchSession(again.deploy(features=True), device="cpu", threads=1) as session:
        assert [info.name for info in session.outputs] == ["boxes", "scores", "keypoints", "features"]
        found = session.run(batch)
    expected = run(form_of("yolov8n-pose"), torch.from_numpy(batch))
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values.numpy())


def test_mixed_half_precision_stays_close_and_speaks_float32():
    images = form_of("yolov8n").example_input(64, 64)
    plain = run(form_of("yolov8n"), images)
    mixed = run(network_of("yolov8n").deploy(features=True).half_mixed(), images)
    assert mixed["features"].dtype == torch.float32
    assert (mixed["features"].norm(dim=2) - 1).abs().max() < 1e-5
    nearest = torch.cdist(mixed["boxes"][0], plain["boxes"][0]).argmin(1)
    assert (mixed["features"][0] - plain["features"][0][nearest]).norm(dim=1).median() < 0.02

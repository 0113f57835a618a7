import numpy as np
import pytest
import torch
from torch import nn

from numa_deploy.network.blocks.csp import C2f
from numa_deploy.network.builder import build
from numa_deploy.network.model import Network
from numa_runtime.errors import ModelError


def spread(network: Network, seed: int = 1) -> Network:
    """Give a network weights under which scores and positions differ from cell to cell, as trained ones do."""
    generator = torch.Generator().manual_seed(seed)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.running_var.uniform_(0.5, 1.5, generator=generator)
            part.weight.data.uniform_(1, 2, generator=generator)
            part.bias.data.normal_(0, 0.1, generator=generator)
        elif isinstance(part, nn.Conv2d) and part.weight.requires_grad:
            part.weight.data.mul_(1.5)
            if part.bias is not None:
                part.bias.data.normal_(0, 1, generator=generator)
    return network.eval()


def rows_apart(found, expected):
    """Return per output the largest difference between a row and the nearest row of the other side."""
    batch = expected["boxes"].shape[0]

    def flat(outputs):
        return torch.cat([outputs[name].double().flatten(2) for name in outputs if name != "balls"], 2)

    a, b = flat(found), flat(expected)
    return max(float(torch.cdist(a[i], b[i], p=float("inf")).min(1).values.max()) for i in range(batch))


@pytest.mark.parametrize("name", ["yolov8n", "yolov8n-pose", "yolo11n", "multitask-n", "multitask-p"])
@pytest.mark.parametrize("size", [(64, 96), (32, 32)])
def test_the_inference_form_equals_the_plain_path(name, size):
    network = spread(build(name, nc=3 if name in ("yolov8n", "yolo11n") else None))
    form = network.deploy()
    assert form.scaled
    images = network.example_input(*size, batch=2)
    expected = network.infer(images)
    with torch.no_grad():
        found = dict(zip(form.output_names, form(images), strict=True))
    assert {k: v.shape for k, v in found.items()} == {k: v.shape for k, v in expected.items()}
    assert all(value.dtype == torch.float32 for value in found.values())
    assert (found["scores"].amax(2) - expected["scores"].amax(2)).abs().max() < 1e-5
    assert rows_apart(found, expected) < 1e-3
    assert expected["boxes"].std() > 5
    if "balls" in found:
        assert found["balls"].shape == (2, 2 if name == "multitask-p" else 10, 5, 6)
        assert (found["balls"] - expected["balls"]).abs().max() < 1e-3


def test_what_is_computed_at_the_winners_alone_equals_the_plain_path():
    network = spread(build("yolov8n-pose"))
    form = network.deploy()
    # 60 x 56 cells on the finest level are more than three times the 1000 winners.
    images = network.example_input(480, 448, batch=2)
    expected = network.infer(images)
    with torch.no_grad():
        found = dict(zip(form.output_names, form(images), strict=True))
    assert (found["scores"].amax(2) - expected["scores"].amax(2)).abs().max() < 1e-5
    assert rows_apart(found, expected) < 1e-3


def test_more_cells_than_candidates_keep_the_best_ones():
    network = spread(build("yolov8n", nc=2))
    form = network.deploy()
    images = network.example_input(256, 256)
    with torch.no_grad():
        boxes, scores = form(images)
        every = network.model["22"].decode(network(images.float() / 255)["detect"])[1]
    assert boxes.shape == (1, 1000, 4)
    best = every.amax(2).sort(descending=True).values[:, :1000]
    assert (scores.amax(2) - best).abs().max() < 1e-5


def test_the_form_shares_nothing_and_has_neither_norms_nor_splits():
    network = spread(build("multitask-n"))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    form = network.deploy()
    for tensor in (*form.parameters(), *form.buffers()):
        tensor.data.zero_()
    assert all(tensor.equal(before[name]) for name, tensor in network.state_dict().items())
    assert not any(isinstance(module, nn.BatchNorm2d | C2f) for module in form.modules())
    assert not any(tensor.requires_grad for tensor in form.parameters())


def test_infer_gives_the_mode_back():
    network = build("yolov8n", nc=1).train()
    network.infer(network.example_input(32, 32))
    assert network.training


def test_training_gives_raw_logits_that_carry_gradients():
    network = build("multitask-n").train()
    raw = network(torch.rand(2, 10, 64, 64))
    assert set(raw) == {"pose", "track"}
    assert [tuple(level.shape) for level in raw["track"]] == [(2, 10, 129, 8, 8)]
    assert raw["pose"].box[0].shape == (2, 64, 8, 8)
    assert raw["pose"].keypoints[2].shape == (2, 51, 2, 2)
    sum(level.sum() for level in (*raw["track"], *raw["pose"].box)).backward()
    assert network.state_dict(keep_vars=True)["model.0.conv.weight"].grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("words", "names"), [({"track": False}, ["boxes", "scores", "keypoints"]), ({"pose": False}, ["balls"])]
)
def test_a_head_can_be_left_out_of_the_form(words, names):
    network = build("multitask-n")
    form = network.deploy(**words)
    assert list(form.output_names) == names
    assert len(form(form.example_input(32, 32))) == len(names)
    with pytest.raises(ModelError, match="multitask-n has no head left"):
        network.deploy(track=False, pose=False)


def test_weights_that_are_not_numbers_are_refused_by_name():
    network = build("yolov8n")
    network.state_dict()["model.4.cv1.conv.weight"][3, 2] = float("nan")
    with pytest.raises(ModelError, match=r"yolov8n: the weights model.4.cv1.conv.weight hold 1 values of 4096 "):
        network.deploy()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
@pytest.mark.parametrize("dynamic", [False, True], ids=["static", "dynamic"])
@pytest.mark.parametrize("name", ["yolov8n", "yolov8n-pose", "yolo11n", "multitask-n"])
def test_onnx_runtime_says_the_same(name, dynamic, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    form = spread(build(name)).deploy()
    sizes = [(128, 160)] if not dynamic else [(256, 320), (320, 256), (128, 160)]
    dim = torch.export.Dim
    shapes = {0: dim("batch", min=1, max=16), 2: 32 * dim("h", min=1, max=60), 3: 32 * dim("w", min=1, max=60)}
    path = tmp_path / "form.onnx"
    torch.onnx.export(
        form,
        (form.example_input(*sizes[0], batch=2 if dynamic else 1),),
        path,
        dynamo=True,
        opset_version=20,
        input_names=["images"],
        output_names=list(form.output_names),
        dynamic_shapes=(shapes,) if dynamic else None,
        external_data=False,
        verbose=False,
    )
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for at, size in enumerate(sizes):
        images = form.example_input(*size, batch=1 + (at if dynamic else 0))
        with torch.no_grad():
            expected = dict(zip(form.output_names, form(images), strict=True))
        arrays = session.run(None, {"images": images.numpy()})
        found = {name: torch.from_numpy(array) for name, array in zip(form.output_names, arrays, strict=True)}
        count = expected["scores"].shape[1]
        assert found["scores"].shape[1] == (1000 if dynamic else count)
        assert np.all(found["scores"][:, count:].numpy() == 0), "rows for no cell must have no score"
        found = {key: value if key == "balls" else value[:, :count] for key, value in found.items()}
        assert rows_apart(found, expected) < 1e-2
        if "balls" in found:
            assert (found["balls"] - expected["balls"]).abs().max() < 1e-2

"""Foreign checkpoints become networks that answer alike, and nothing of theirs is imported on the way."""

import copy
import sys

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from foreign_files import feature_major_head, plain_head, tiny, twin_head, write_foreign  # noqa: E402
from torch import nn  # noqa: E402

from numa_deploy.network.checkpoint import load, read, save  # noqa: E402
from numa_deploy.network.foreign.reading import read_foreign  # noqa: E402
from numa_deploy.network.foreign.report import ImportReport  # noqa: E402
from numa_deploy.training.losses.multitask import MultiTaskLoss  # noqa: E402
from numa_runtime.errors import ModelError  # noqa: E402

FAMILIES = {
    "yolov8n": plain_head,
    "yolov8n-pose": plain_head,
    "yolo11n": plain_head,
    "yolo11n-pose": plain_head,
    "yolo26n": twin_head,
    "yolo26n-pose": twin_head,
    "multitask-n": feature_major_head,
}


@pytest.fixture(scope="module", params=FAMILIES)
def pair(request, tmp_path_factory):
    network, plain = tiny(request.param, nc=1 if "multitask" in request.param else 2)
    before = copy.deepcopy(network)
    path = write_foreign(tmp_path_factory.mktemp("foreign") / "best.pt", network, plain, FAMILIES[request.param])
    return before, read_foreign(path), path


def test_the_answers_are_the_same(pair):
    ours, foreign, _ = pair
    ours.load_state_dict({name: t.half() if t.is_floating_point() else t for name, t in ours.state_dict().items()})
    images = ours.example_input(64, 96, 2)
    expected, got = ours.infer(images), foreign.network.infer(images)
    assert expected.keys() == got.keys()
    for name in expected:
        # Halving and adding 1/4 cost the keypoints' biases of YOLO26 half a unit of half precision.
        torch.testing.assert_close(got[name], expected[name], atol=0.05 if name == "keypoints" else 1e-4, rtol=0)


def test_nothing_of_theirs_is_imported(pair):
    assert not [name for name in sys.modules if name.startswith("ultralytics")]


def test_a_checkpoint_of_ours_keeps_the_account(pair, tmp_path):
    _, foreign, path = pair
    network = load(path)
    assert network.spec == foreign.network.spec
    assert network.spec.names[0] == "thing0"
    saved = save(network, tmp_path / "x.pt", {"import": foreign.report.to_plain()})
    assert ImportReport.from_plain(read(saved)["extra"]["import"]) == foreign.report
    assert load(saved).spec == network.spec


def test_every_tensor_is_accounted_for(pair):
    _, foreign, _ = pair
    report = foreign.report
    own = {name for name in foreign.network.state_dict() if not name.endswith("num_batches_tracked")}
    assert report.read >= len(own) - 1
    assert {name for _, name in report.renamed} <= own | set(foreign.network.state_dict())
    assert all(reason for _, reason in report.dropped)
    assert report.lines()[0] == (
        f"best.pt: {report.kind} by Ultralytics 8.4.0 on 2026-11-28, entry ema -> {report.name} ({report.task})"
    )
    assert report.left == ("epoch",)


def test_an_end_to_end_head_is_not_trained(pair):
    _, foreign, _ = pair
    if not foreign.network.spec.name.startswith("yolo26"):
        MultiTaskLoss.of(foreign.network)
        return
    assert foreign.report.warnings
    with pytest.raises(ModelError, match=r"has an end-to-end head .YOLO26., which cannot be trained here"):
        MultiTaskLoss.of(foreign.network)


def _file(tmp_path, **words):
    network, plain = tiny("yolov8n")
    return write_foreign(tmp_path / "best.pt", network, plain, **words)


def test_the_averaged_weights_come_first(tmp_path):
    assert read_foreign(_file(tmp_path, extra={"model": None})).report.entry == "ema"
    report = read_foreign(_file(tmp_path, entry="model", extra={"ema": None}, half=False)).report
    assert (report.entry, report.widened) == ("model", 0)


def _relu(root):
    root.model[0].act = nn.ReLU()


def _dilated(root):
    root.model[1].conv.dilation = (2, 2)


def _bins(root):
    root.model[22].dfl.conv.weight.data += 1


def _names(root):
    root.names = {0: "one"}


def _no_yaml(root):
    root.yaml = None


def _block(root):
    root.yaml["backbone"][2][2] = "C3TR"


def _nan(root):
    root.model[0].conv.weight.data[:] = float("nan")


def _narrow(root):
    root.model[0].conv.weight = nn.Parameter(torch.zeros(3, 3, 3, 3).half())


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (_relu, "best.pt computes otherwise than the yolov8n here: model.0.act is ReLU, not SiLU"),
        (_dilated, r"model.1.conv.dilation is \(2, 2\), not \(1, 1\)"),
        (_bins, "the distances' bins in model.22.dfl.conv.weight are not 0, 1, 2"),
        (_names, "the network has 2 classes and 1 names"),
        (_no_yaml, "has no configuration or no layers"),
        (_block, "layer 2 is a 'C3TR', which is not supported here"),
        (_nan, "best.pt.*model.0.conv.weight"),
        (_narrow, r"model.0.conv.weight has the shape \[3, 3, 3, 3\]"),
    ],
)
def test_what_computes_otherwise_is_refused(change, text, tmp_path):
    with pytest.raises(ModelError, match=text):
        read_foreign(_file(tmp_path, change=change))


def test_other_tasks_are_named(tmp_path):
    from foreign_files import theirs

    def segment(module, state):
        return theirs("Segment", {key: state[key] for key in state if key.startswith("_")})

    with pytest.raises(ModelError, match="layer 22 is a Segment, and Detect, Pose, Pose26"):
        read_foreign(_file(tmp_path, nest=segment))


def test_files_without_a_network_say_what_they_hold(tmp_path):
    path = tmp_path / "x.pt"
    torch.save({"state_dict": {"a": torch.zeros(1)}}, path)
    with pytest.raises(ModelError, match="holds no network under ema or model; it holds state_dict"):
        read_foreign(path)
    path.write_bytes(b"\x80\x02.")
    with pytest.raises(ModelError, match="is no zip archive: truncated"):
        read_foreign(path)
    with pytest.raises(ModelError, match="there is no checkpoint"):
        read_foreign(tmp_path / "missing.pt")

import sys

import numpy as np
import pytest
from tiny_models import RECORD, detect_spec

from numa_runtime.errors import ContractError, DeviceError, MissingExtra, ModelError
from numa_runtime.formats import Format
from numa_runtime.sessions import load
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.sniff import sniff
from numa_runtime.sessions.torchscript_file import read_extra_files

torch = pytest.importorskip("torch", reason='needs pip install "numa-deploy[train]"')
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")


class Fixed(torch.nn.Module):
    """Boxes and scores from the mean of the picture."""

    def forward(self, images):
        mean = images.float().mean()
        return mean * torch.ones(1, 8, 4), mean * torch.ones(1, 8, 2) / 255


@pytest.fixture(scope="module")
def script():
    return torch.jit.trace(Fixed(), (torch.zeros(1, 3, 64, 64, dtype=torch.uint8),))


@pytest.fixture
def path(tmp_path, script):
    from numa_export.formats.torchscript import save_torchscript

    save_torchscript(script, tmp_path / "best.torchscript", detect_spec(), RECORD, "sample")
    return tmp_path / "best.torchscript"


def batch(value=51):
    return np.full((1, 3, 64, 64), value, np.uint8)


def test_it_runs_and_knows_what_it_is(path):
    assert sniff(path) is Format.TORCHSCRIPT
    with load(path, device="cpu", threads=1) as session:
        assert (session.backend, session.device) == ("torchscript", "cpu, 1 thread")
        assert (session.spec, session.record, session.golden) == (detect_spec(), RECORD, "sample")
        outputs = session.run(batch())
    assert {name: array.shape for name, array in outputs.items()} == {"boxes": (1, 8, 4), "scores": (1, 8, 2)}
    np.testing.assert_allclose(outputs["scores"], 0.2, rtol=1e-6)
    with pytest.raises(ModelError, match="is closed"):
        session.run(batch())


def test_another_batch_is_refused(path):
    with load(path, device="cpu") as session, pytest.raises(ModelError, match=r"takes images \[1, 3, 64, 64\] uint8"):
        session.run(batch().astype(np.float32))


def test_inspect_reads_it_without_torch(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    card = describe(path)
    assert (card.format, card.backend, card.precision) == ("torchscript", "torchscript", "fp32")
    assert card.spec == detect_spec()
    assert card.has_golden


def test_without_torch_the_extra_is_named(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"running best\.torchscript needs the package torch"):
        load(path)


def test_one_without_our_contract_is_sent_to_adopt(tmp_path, script):
    path = tmp_path / "theirs.torchscript"
    torch.jit.save(script, str(path), _extra_files={"config.txt": "{}"})
    assert read_extra_files(path) == {}
    with pytest.raises(ContractError, match=r"theirs\.torchscript is a TorchScript file without our contract"):
        load(path)
    assert describe(path).contract_problem == "its shapes show only where it is run"


def test_a_truncated_one_is_refused(path):
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ModelError, match="is a truncated archive"):
        load(path)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
@pytest.mark.parametrize("device", ["cuda:0", "intel:gpu"])
def test_a_device_that_is_not_there(path, device):
    with pytest.raises(DeviceError, match=r"was asked for, but torch \S+ here has the CPU only"):
        load(path, device=device)

"""One tiny network traced once; most tests start from its ONNX file, which takes no torch."""

import pytest
import tiny_onnx


@pytest.fixture(scope="session")
def pictures():
    return tiny_onnx.photographs()


@pytest.fixture(scope="session")
def network_class():
    pytest.importorskip("torch", reason='needs pip install "numa-deploy[train]"')
    pytest.importorskip("onnxscript", reason='needs pip install "numa-deploy[train]"')
    from tiny_torch import TinyNetwork

    return TinyNetwork


@pytest.fixture(scope="session")
def exported(tmp_path_factory, network_class, pictures):
    """The report of a static export of the tiny network to ONNX."""
    from numa_export.exporting import export

    folder = tmp_path_factory.mktemp("exported")
    return export(network_class(), images=pictures, output=folder / "tiny.onnx", imgsz=(128, 128), created="2026-11-21")


@pytest.fixture(scope="session")
def dynamic(tmp_path_factory, network_class, pictures):
    """The same with any batch, height and width."""
    from numa_export.exporting import export

    path = tmp_path_factory.mktemp("dynamic") / "tiny.onnx"
    return export(network_class(), images=pictures, output=path, imgsz=(128, 192), dynamic=True)

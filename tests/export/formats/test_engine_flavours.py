"""All that we use of TensorRT exists in 10.x, 11.x and RTX, with the arguments we pass.

NVIDIA's package index has the libraries, PyPI the Python bindings alone. Bindings need nine C functions to be
imported, so libraries with nothing else in them do for looking.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import chain
from types import SimpleNamespace

import pytest
import tensorrt_contract
from support import ROOT

from numa_export.formats.engine_builder import BUILDER_NAMES, RTX_NAMES
from numa_export.formats.engine_tools import installed
from numa_runtime.sessions.tensorrt.header import Flavour
from numa_runtime.sessions.tensorrt.nvidia import TENSORRT_NAMES

VERSIONS = ["10.0.1", "10.16.1.11", "11.4.0.106"]
ENTRIES = (
    *(f"create{what}_INTERNAL" for what in ("InferBuilder", "InferRefitter", "InferRuntime")),
    *(f"create{what}_INTERNAL" for what in ("NvOnnxParser", "NvOnnxParserRefitter")),
    *("getBuilderPluginRegistry", "getNvOnnxParserVersion", "getPluginRegistry", "initLibNvInferPlugins"),
)
LIBRARIES = ("libnvinfer", "libnvinfer_plugin", "libnvonnxparser")


def test_rtx_offers_what_we_use():
    trt = installed(Flavour.RTX) or pytest.skip('needs pip install "numa-deploy[rtx]"')
    assert tensorrt_contract.problems(trt, rtx=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_tensorrt_offers_what_we_use(version, request):
    folder = request.config.cache.mkdir("tensorrt-bindings") / version
    if not (folder / "tensorrt_bindings").is_dir():
        unpack_bindings(version, folder)
    write_libraries(folder / "lib", version.split(".")[0])
    paths = [folder, ROOT / "tests", *(ROOT / part for part in (".", "export", "runtime"))]
    result = subprocess.run(
        [sys.executable, str(ROOT / "tests/tensorrt_contract.py"), "tensorrt_bindings"],
        env={**os.environ, "LD_LIBRARY_PATH": str(folder / "lib"), "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (result.stdout.strip(), result.returncode) == ("", 0), result.stderr[-2000:]


def unpack_bindings(version, folder):
    """Fetch one wheel from PyPI, without what it depends on, and unpack it."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("the bindings' wheels are looked at on Linux x86_64")
    wheels = folder.with_name(f"{version}.wheels")
    fetch = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", str(wheels)]
    done = subprocess.run(
        [*fetch, f"tensorrt-cu12-bindings=={version}"], capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode != 0:
        pytest.skip(f"PyPI does not give tensorrt-cu12-bindings {version} here: {done.stderr.strip()[-200:]}")
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    shutil.rmtree(wheels)


def write_libraries(folder, major):
    """Compile libraries that hold the functions the bindings link to, and nothing in them."""
    compiler = shutil.which("cc") or pytest.skip("needs a C compiler (cc)")
    folder.mkdir(exist_ok=True)
    source = folder / "stub.c"
    source.write_text("".join(f"void *{name}(void) {{ return 0; }}\n" for name in ENTRIES))
    for name in LIBRARIES:
        file = f"{name}.so.{major}"
        command = [compiler, "-shared", "-fPIC", f"-Wl,-soname,{file}", "-o", str(folder / file), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def test_the_tables_name_everything_the_source_uses():
    tables = (BUILDER_NAMES, RTX_NAMES, TENSORRT_NAMES)
    known = {name for table in tables for name in table[""]}
    listed = set(chain.from_iterable(names for table in tables for owner, names in table.items() if owner))
    source = "".join(
        path.read_text()
        for folder in ("export/numa_export/formats", "runtime/numa_runtime/sessions/tensorrt")
        for path in sorted((ROOT / folder).glob("*.py"))
    )
    used = set(re.findall(r"\b_?trt\.(\w+)", source)) - {"__name__"}
    called = set(re.findall(r"\b(?:builder|parser|profile|config|_engine|_context|_runtime)\.(\w+)\(", source))
    assert {"Builder", "Runtime", "nptype"} <= used
    assert used <= known
    assert {"execute_async_v3", "parse", "set_shape"} <= called
    assert called <= listed | {"_replace"}
    assert {call.split(".")[1] for call in tensorrt_contract.CALLS} - {"__init__"} <= listed


def test_what_changed_is_said():
    def parse(self):
        """parse(self: OnnxParser, model: bytes, path: str) -> bool"""

    def both():
        """Overloaded.
        1. both(self: A, one: Dict[str, int]) -> int
        2. both(self: A, one: int, two: int = 3) -> A
        """

    check = tensorrt_contract.wrong_signature
    assert "parse is called with 1 arguments for bool" in check(parse, "OnnxParser.parse", 1, "bool")[0]
    assert check(None, "OnnxParser.parse", 1, "bool") == ["no OnnxParser.parse"]
    assert check(both, "A.both", 2, "A") == check(both, "A.both", 1, "int") == []
    assert check(both, "A.both", 2, "int") != []
    assert tensorrt_contract.missing_names(SimpleNamespace(), {"Builder": ("create_network",)}) == [
        "no Builder.create_network"
    ]

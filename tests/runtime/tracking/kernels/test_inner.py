"""A cached kernel is void as soon as any kernel's source changes, not only its own."""

import os
import shutil
import subprocess
import sys

from numa_runtime.tracking.kernels import inner
from numa_runtime.tracking.kernels.single import assign_dense

CODE = "import sys; sys.path.insert(0, sys.argv[1]); import caller; print(caller.outer(1.0))"


def test_the_stamp_names_every_kernel_file():
    names = [name for name, _, _ in inner._stamp()]
    assert {"step.py", "kalman.py", "layout.py"} <= set(names)
    assert assign_dense._cache._cache_file._source_stamp == inner._stamp()


def test_an_edit_of_a_callee_is_seen(tmp_path):
    shutil.copy(inner.__file__, tmp_path / "inner.py")
    (tmp_path / "caller.py").write_text(
        "from inner import entry\nfrom callee import f\n\n@entry\ndef outer(x):\n    return f(x)\n"
    )
    results = []
    for addend in (1, 20):
        (tmp_path / "callee.py").write_text(f"from inner import inner\n\n@inner\ndef f(x):\n    return x + {addend}\n")
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(tmp_path)], env=environment, capture_output=True, text=True, check=True
        )
        results.append(float(done.stdout))
    assert results == [2.0, 21.0]

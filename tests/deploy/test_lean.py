"""The lean promise: light imports, and predict and track without torch."""

import subprocess
import sys
import textwrap

HEAVY = ("torch", "cv2", "onnxruntime", "numba", "openvino", "av")


def run(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_pulls_in_nothing_heavy():
    loaded = run(f"import sys, numa_deploy; print(*[m for m in {HEAVY!r} if m in sys.modules])")
    assert loaded.split() == []


def test_help_pulls_in_nothing_heavy():
    loaded = run(f"""
        import sys
        from numa_deploy.cli.main import main
        main(["--help"])
        print("loaded:", *[m for m in {(*HEAVY, "numpy")!r} if m in sys.modules])
    """)
    assert loaded.splitlines()[-1].split() == ["loaded:"]


def test_every_public_name_is_there():
    import numa_deploy

    for name in numa_deploy.__all__:
        assert getattr(numa_deploy, name) is not None
    assert set(numa_deploy.__all__) <= set(dir(numa_deploy))


def test_predict_and_track_run_without_torch(tmp_path):
    out = run(
        """
        import sys
        class Block:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ("torch", "torchvision", "openvino", "onnx", "scipy"):
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        sys.meta_path.insert(0, Block())
        from numa_deploy import YOLO
        from numa_deploy.yolo.bundled import sample_photos
        model = YOLO()
        photo = str(sample_photos()[0])
        print(len(model.predict(photo)[0]) > 0, len(model.track(photo)[0]) > 0)
        """
    )
    assert out.split() == ["True", "True"]

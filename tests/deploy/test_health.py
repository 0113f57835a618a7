"""`doctor`'s extras come from the package's own metadata."""

from importlib.metadata import metadata, requires

import pytest

from numa_deploy import health
from numa_deploy.health import BRINGS, Extra, examine, read_extras, readiness
from numa_runtime.installing import packages_line, pip_line

NEEDS = [
    "numpy>=1.26",
    'numpy>=1.26; extra == "tidy"',
    "no_such_thing>=1; (platform_system == 'Linux' and platform_machine == 'x86_64') and extra == 'gpu'",
    'numpy!=1.0,>=0.9; extra == "gpu"',
    'numa-deploy[tidy,gpu]; extra == "all"',
    'pytest>=8; extra == "all"',
]


def test_extras_are_read_from_the_requirements():
    tidy, gpu = read_extras(NEEDS)
    assert (tidy.name, list(tidy.versions), tidy.present) == ("tidy", ["numpy"], True)
    assert (gpu.name, list(gpu.versions), gpu.present) == ("gpu", ["no_such_thing", "numpy"], False)
    assert gpu.versions["no_such_thing"] is None


def test_a_line_says_what_is_there_and_what_is_missing():
    assert Extra("export", {"onnx": "1.18.0"}).line() == f"ok: onnx 1.18.0  ({BRINGS['export']})"
    assert Extra("tune", {"optuna": None, "trackeval": "1.3"}).line() == f"missing: optuna  ({BRINGS['tune']})"
    assert Extra("new", {"x": "1"}).line() == "ok: x 1"


def test_every_extra_of_the_package_has_a_word_and_a_line():
    bundles = {need.split('"')[1] for need in requires("numa-deploy") if need.startswith("numa-deploy")}
    extras = set(metadata("numa-deploy").get_all("Provides-Extra")) - bundles
    assert {"tune", "supervision", "rtx"} <= extras
    assert extras == set(BRINGS)
    report = examine()
    assert set(report.to_dict()["extras"]) == extras
    lines = report.lines()
    for name in extras:
        (line,) = [line for line in lines[lines.index("extras") :] if line.split()[:1] == [name]]
        assert f"({BRINGS[name]})" in line


def test_a_package_that_is_only_imported_says_so(monkeypatch):
    monkeypatch.setattr(health, "DISTRIBUTION", "no-such-distribution")
    report = examine()
    assert report.extras == ()
    assert any("is not installed, only imported" in warning for warning in report.warnings)


def test_a_missing_package_is_a_warning(monkeypatch):
    monkeypatch.setattr(health, "BASE", ("numpy", "no-such-thing"))
    report = examine()
    assert report.packages["no-such-thing"] == "missing"
    assert f"no-such-thing is not installed: {packages_line('no-such-thing')}" in report.warnings


@pytest.mark.parametrize("name", ["opencv-python-headless", "opencv-contrib-python"])
def test_another_build_of_opencv_counts(name, monkeypatch):
    def installed(asked):
        return "4.10" if asked == name else None

    monkeypatch.setattr(health, "_installed", installed)
    assert health._version("opencv-python", []) == f"4.10 ({name})"


def ready(monkeypatch, *missing):
    monkeypatch.setattr(health, "absent", lambda modules: [module for module in modules if module in missing])
    return examine().lines()[len(examine().lines()) - len(readiness()) :]


def test_the_report_ends_with_what_is_ready(monkeypatch):
    assert ready(monkeypatch) == [
        "ready: predict, track, inspect, check, benchmark, val, tune, export, adopt, networks (.pt, .yaml), OpenVINO"
    ]
    assert ready(monkeypatch, "onnx", "torch", "onnxscript", "optuna", "trackeval", "faster_coco_eval") == [
        "ready: predict, track, inspect, check, benchmark, OpenVINO",
        f"missing: val ({pip_line('eval')})",
        f"missing: tune ({pip_line('tune')})",
        f"missing: export, adopt ({pip_line('export')})",
        f"missing: networks (.pt, .yaml) ({pip_line('train')})",
    ]


def test_without_a_base_package_nothing_is_ready(monkeypatch):
    first, *others = ready(monkeypatch, "cv2")
    assert first == "ready: nothing"
    assert pip_line() in others[0]

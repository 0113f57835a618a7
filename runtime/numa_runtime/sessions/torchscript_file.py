"""A TorchScript file looked at without torch: it is a zip archive, and our contract lies in its extra files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from numa_runtime.contract.codec import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, record_from_json, spec_from_json
from numa_runtime.contract.reading import Contract, ContractOrigin
from numa_runtime.errors import ContractError, ModelError

KEYS = (SPEC_KEY, RECORD_KEY, GOLDEN_KEY)


def read_extra_files(path: Path) -> dict[str, str]:
    """Return our texts by key; missing ones are omitted.

    Raises:
        ModelError: the archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            inside = {name.split("/extra/", 1)[1]: name for name in archive.namelist() if "/extra/" in name}
            return {key: archive.read(inside[key]).decode() for key in KEYS if key in inside}
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name} is a damaged TorchScript file: {error}", hint="copy it again") from error


def read_torchscript(path: Path) -> Contract:
    """Return a TorchScript file's contract.

    Raises:
        ContractError: it carries none of ours: its shapes cannot be seen without running it.
        ModelError: the archive is damaged.
    """
    found = read_extra_files(path)
    if SPEC_KEY not in found:
        raise ContractError(
            f"{path.name} is a TorchScript file without our contract, and its shapes cannot be seen from outside",
            hint="export the network to ONNX with the tool it was made with, and use that file in its place",
        )
    record = record_from_json(found[RECORD_KEY]) if RECORD_KEY in found else None
    return Contract(spec_from_json(found[SPEC_KEY]), ContractOrigin.NUMA, record, found.get(GOLDEN_KEY))

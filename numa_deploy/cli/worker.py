"""`python -m numa_deploy.cli.worker`: what `benchmark` runs in processes of their own; not for typing.

serve: hold one model, answer requests on standard input (`numa_benchmarks.timing.messages`).
export: write one artifact, leave the export's report as JSON, or the error's class and sentence.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.cli.signals import asked_to_end, end_with_parent
from numa_runtime.errors import MissingExtra, NumaError
from numa_runtime.options.readers import Size, read_size

if TYPE_CHECKING:
    from numa_runtime.sessions.base import Session


def main(argv: list[str] | None = None) -> int:
    """Run `serve` or `export`; return the exit code."""
    words = _parser().parse_args(argv)
    with asked_to_end() as request:
        try:
            return _run(words)
        except KeyboardInterrupt:
            return request.exit_code


def _run(words: argparse.Namespace) -> int:
    imgsz = read_size("imgsz", words.imgsz) if words.imgsz else None
    if words.mode == "serve":
        _serve(words, imgsz)
        return 0
    try:
        _leave(words.json, _export(words, imgsz))
    except ModuleNotFoundError as missing:
        return _refuse(words.json, MissingExtra(f"exporting to {words.format}", str(missing.name), "export"))
    except NumaError as error:
        return _refuse(words.json, error)
    return 0


def _refuse(file: str, error: NumaError) -> int:
    _leave(file, {"error": {"kind": type(error).__name__, "what": error.what, "hint": error.hint}})
    print(f"error: {error.what}", file=sys.stderr)
    return error.exit_code


def _serve(words: argparse.Namespace, imgsz: Size | None) -> None:
    from numa_benchmarks.timing.answering import Post, serve

    def opener() -> Session:
        from numa_deploy.yolo.opening import open_session

        return open_session(words.model, words.device, words.threads)

    serve(Post(opener, words.data, words.split, imgsz))


def _export(words: argparse.Namespace, imgsz: Size | None) -> dict[str, Any]:
    from numa_benchmarks.timing.answering import listen
    from numa_deploy.yolo.exporting import export as export_model

    warnings: list[str] = []
    listen(warnings.append)
    half = True if words.half else None
    report = export_model(words.model, words.format, output=words.output, imgsz=imgsz, half=half)
    return {**report.to_dict(), "warnings": warnings}


def _leave(file: str, content: dict[str, Any]) -> None:
    Path(file).write_text(json.dumps(content), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m numa_deploy.cli.worker", description=__doc__)
    modes = parser.add_subparsers(dest="mode", required=True)
    serve, export = modes.add_parser("serve"), modes.add_parser("export")
    for mode in (serve, export):
        mode.add_argument("--model", required=True)
        mode.add_argument("--imgsz", type=int, nargs="+")
    serve.add_argument("--data", required=True)
    serve.add_argument("--split", default="val")
    serve.add_argument("--device", default="auto")
    serve.add_argument("--threads", type=int)
    export.add_argument("--format", required=True)
    export.add_argument("--output", required=True)
    export.add_argument("--json", required=True)
    export.add_argument("--half", action="store_true")
    return parser


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())

"""`numa-deploy tune`: a tracker's parameters, searched on your own labelled clips."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o

_SEARCH, _DETECT = "Search", "Detections made by a model (once, then kept)"


def tune(
    gt: Annotated[
        str | None,
        typer.Option(help="MOTChallenge folder: SEQUENCE/gt/gt.txt, seqinfo.ini.", rich_help_panel="Labelled clips"),
    ] = None,
    detections: Annotated[
        str | None,
        typer.Option(
            help="Folder of SEQUENCE.txt (MOT text). Default: SEQUENCE/det/det.txt beside the ground truth.",
            rich_help_panel="Labelled clips",
        ),
    ] = None,
    half: Annotated[
        bool,
        typer.Option(
            "--half/--no-half", help="Use the second half of each sequence.", rich_help_panel="Labelled clips"
        ),
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            "-s",
            help="The clip, or a folder of clips named as the sequences. Default: SEQUENCE/img1.",
            rich_help_panel=_DETECT,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="Artifact that detects. Default with --source: the bundled YOLOX-nano.",
            rich_help_panel=_DETECT,
        ),
    ] = None,
    device: o.Device = "auto",
    threads: o.Threads = None,
    imgsz: o.ImgSize = None,
    iou: o.Iou = None,
    classes: o.Classes = None,
    tracker: Annotated[
        str, typer.Option(help="Tracker name or YAML file: where the search starts.", rich_help_panel=_SEARCH)
    ] = "bytetrack",
    metric: Annotated[str, typer.Option(help="hota, idf1 or mota.", rich_help_panel=_SEARCH)] = "hota",
    trials: Annotated[int, typer.Option(help="Sets of parameters to try.", rich_help_panel=_SEARCH)] = 100,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds for all of it, checks included.", rich_help_panel=_SEARCH)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same result.", rich_help_panel=_SEARCH)] = 0,
    params: Annotated[
        str | None, typer.Option(help="Search only these: match_thresh,track_buffer.", rich_help_panel=_SEARCH)
    ] = None,
    folds: Annotated[
        int,
        typer.Option(
            help="Tune again this often without some of the sequences, to see whether it holds (0: do not).",
            rich_help_panel=_SEARCH,
        ),
    ] = 3,
    holdout: Annotated[
        str | None,
        typer.Option(
            help="Never tune on these sequences, check on them: A,B. Instead of folds.", rich_help_panel=_SEARCH
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="Default: TRACKER-tuned.yaml.", rich_help_panel=o.WRITE),
    ] = None,
    project: o.Project = "runs",
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Search a tracker's parameters on labelled clips, check them on clips not seen, and write a tracker YAML."""
    words = dict(locals())

    from numa_deploy.cli.console import Console, show_logs

    console = Console(words.pop("quiet"), words.pop("json_file"))
    show_logs(console.quiet, words.pop("debug"))

    from numa_deploy.cli.tuning import TuneWords, run

    run(console, TuneWords(**words))

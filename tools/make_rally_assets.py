"""Make `numa_deploy/assets/rally.mp4` and `numa_deploy/assets/rallies/`: what the bundled network is shown on.

Both are generated (numa_benchmarks.rally), from seeds that no training of the bundled network used. The clip is 10 s of
badminton at 720p; the set is four rallies at 640x360 with exact labels, three of them
to validate on: the default data of `benchmark`.

Run: python tools/make_rally_assets.py [FOLDER]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from numa_benchmarks.rally.rally_options import RallyOptions
from numa_benchmarks.rally.write import write_rallies

OUTPUT = Path(__file__).resolve().parents[1] / "numa_deploy" / "assets"
CLIP_SEED, SET_SEED = 777, 778
"""Seeds below 10,000 are left to these and to tests; trainings begin above."""

HEAD = """\
# Generated badminton (tools/make_rally_assets.py): a yardstick to compare formats of one model with.
"""


def main() -> None:
    """Write the clip and the set."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    with TemporaryDirectory() as folder:
        clip = RallyOptions(rallies=1, seed=CLIP_SEED, frames=300, imgsz=(720, 1280), video=True)
        write_rallies(clip, Path(folder) / "clip")
        (video,) = (Path(folder) / "clip").rglob("video.mp4")
        shutil.copy(video, output / "rally.mp4")
    shutil.rmtree(output / "rallies", ignore_errors=True)
    rallies = RallyOptions(rallies=4, seed=SET_SEED, frames=40, val=0.75, video=True)
    write_rallies(rallies, output / "rallies")
    (output / "rallies" / "contact.jpg").unlink()
    data = output / "rallies" / "data.yaml"
    data.write_text(HEAD + data.read_text(encoding="utf-8"), encoding="utf-8")
    for path in (output / "rally.mp4", *sorted((output / "rallies").rglob("*.*"))):
        print(f"{path}  {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()

"""Our tracker and other people's: each in an environment of its own, all measured in turns in one run.

    python benchmarks/peers/track.py --setup          make the environments (minutes, several GB), then measure
    python benchmarks/peers/track.py --rounds 4       measure with what is there; what is missing says so
    python benchmarks/peers/track.py --gt MOT17/train --detections YOLOX --second-half     HOTA in the same table, too
    python benchmarks/peers/track.py --objects --gt MOT17/train ...                        and nothing else

Environments lie in --home, $NUMA_PEERS or ~/.cache/numa-deploy/peers. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from numa_benchmarks.metrics.mot_folders import pair_detections
from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.machine import environment
from numa_peers.catalogue import OURS, PEERS, Peer
from numa_peers.contest import Rules, hold
from numa_peers.contestant import Contestant
from numa_peers.environment import SETUP_LIMIT_S, default_home
from numa_peers.league import League
from numa_peers.quality import Judgement, judge
from numa_peers.terminal import Terminal, print_error, show_logs
from numa_peers.thresholds import PUBLISHED, USUAL
from numa_runtime.errors import NumaError, UsageError, nearest

SETTINGS = {"published": PUBLISHED, "usual": USUAL}
"""What --thresholds says."""


def chosen(names: str | None) -> tuple[Peer, ...]:
    """Return the peers called so, ours first, all of them for None.

    Raises:
        UsageError: there is no such peer.
    """
    if names is None:
        return PEERS
    known = [peer.name for peer in PEERS]
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise UsageError(f"there is no peer {name!r}{nearest(name, known)}", hint=f"--peers {','.join(known)}")
    return tuple(peer for peer in PEERS if peer.name in wanted or peer.environment is OURS)


def setup(peers: tuple[Peer, ...], home: Path, terminal: Terminal) -> None:
    """Make every environment that is needed, and start each peer once, since one builds itself then.

    One that fails is told of, and keeps its rows without figures.
    """
    for place in dict.fromkeys(peer.environment for peer in peers):
        try:
            place.setup(home, terminal.note)
        except Failure as failure:
            terminal.note(f"{place.name}: {failure}")
    for peer in peers:
        try:
            contestant = Contestant(peer, home, SETUP_LIMIT_S)
            try:
                terminal.note(f"{peer.name}: {contestant.load()} works")
            finally:
                contestant.close()
        except Failure as failure:
            terminal.note(f"{peer.name}: {failure}")


def judged(peers: tuple[Peer, ...], words: argparse.Namespace, terminal: Terminal) -> Judgement | None:
    """Return what the peers are worth on the sequences of --gt, None without.

    Raises:
        UsageError: --detections or --second-half without --gt.
        DataError: the folders do not fit each other.
    """
    if words.gt is None:
        if words.detections or words.second_half:
            raise UsageError("there is nothing to score without --gt", hint="--gt DIR with SEQUENCE/gt/gt.txt")
        return None
    return judge(
        peers,
        pair_detections(words.gt, words.detections),
        words.home,
        words.time_limit,
        half=words.second_half,
        thresholds=SETTINGS[words.thresholds],
        watch=terminal.watch(),
    )


def main() -> int:
    """Run the contest and print its table."""
    usual = Rules()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="make environments that are missing first")
    parser.add_argument("--home", type=Path, default=default_home(), help="where environments lie")
    parser.add_argument("--peers", help="only these, comma separated (ours is always there)")
    parser.add_argument("--objects", type=int, nargs="*", default=list(usual.objects), help="none: nothing is timed")
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--frames", type=int, help="per scene; default: 400 down to 40 for many objects")
    parser.add_argument("--turn", type=float, default=usual.turn_s, help="seconds a turn may take")
    parser.add_argument("--time-limit", type=float, default=usual.limit_s, help="seconds a peer may be silent")
    parser.add_argument("--from-arrays", action="store_true", help="count making a peer's input from an array, too")
    parser.add_argument("--gt", type=Path, metavar="DIR", help="score on its sequences, too: SEQUENCE/gt/gt.txt")
    parser.add_argument("--detections", type=Path, metavar="DIR", help="SEQUENCE.txt; default: det/det.txt in --gt")
    parser.add_argument("--second-half", action="store_true", help="only the sequences' second halves")
    parser.add_argument("--thresholds", choices=SETTINGS, default="published", help="on the sequences")
    parser.add_argument("--json", metavar="FILE", help="also write the figures as JSON (- = standard output)")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="also write the table as Markdown")
    parser.add_argument("--quiet", action="store_true", help="print --json and errors only")
    words = parser.parse_args()
    terminal = Terminal(words.quiet, words.json, words.markdown)
    show_logs(words.quiet)
    try:
        peers = chosen(words.peers)
        if words.setup:
            setup(peers, words.home, terminal)
        rules = Rules(tuple(words.objects), words.rounds, words.frames, words.turn, words.time_limit, words.from_arrays)
        judgement = judged(peers, words, terminal)
        standings = hold(peers, rules, words.home, terminal.watch()) if rules.objects else ()
        league = League(standings, rules, environment(1), judgement)
        terminal.finish(league.lines(), league.markdown(), league.to_dict())
    except NumaError as error:
        print_error(error)
        return 2 if isinstance(error, UsageError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

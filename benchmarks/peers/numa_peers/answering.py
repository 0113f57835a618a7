"""The side of a resident process that is asked: JSON lines in, JSON lines out. Standard library only.

It runs in peers' environments, where nothing of ours is installed; what it speaks is
`numa_benchmarks.timing.messages`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def answer_requests(make: Callable[[], Any]) -> None:
    """Answer `{"do": "NAME", ...}` by the method of that name until told to quit or the pipe closes.

    make: returns the object whose methods take the request and return a dict; it is called at the first request, so
    that what fails in it is an answer too. What others print on standard output goes to standard error.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    answering: Any = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "quit":
            break
        try:
            answering = answering or make()
            answer: dict[str, Any] = {"ok": getattr(answering, request["do"])(request)}
        except Exception as error:
            words = (str(error).strip().splitlines() or [""])[0]
            answer = {"error": {"kind": type(error).__name__, "what": f"{type(error).__name__}: {words}", "hint": ""}}
        out.write(json.dumps(answer) + "\n")

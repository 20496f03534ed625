"""A command that speaks like `junheng` with JUNHENG_EVENTS, doing what its arguments say one after another:
`progress DONE TOTAL`, `result JSON`, `failure JSON`, `say TEXT`, `err TEXT`, `noise BYTES`, `sleep SECONDS`,
`child FILE` (starts a grandchild that sleeps and writes its pid), `stubborn` (ignores SIGTERM), `touch FILE`,
`exit CODE`, `eat BYTES`, `env` (its environment as result)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def event(kind: str, **fields: object) -> None:
    print(json.dumps({"event": kind, **fields}), flush=True)


def main() -> None:
    words = iter(sys.argv[1:])
    for word in words:
        if word == "progress":
            done, total = int(next(words)), int(next(words))
            event("progress", code="year.forecasting", parameters={}, done=done, total=total)
        elif word in ("result", "failure"):
            event(word, **json.loads(next(words)))
        elif word == "say":
            print(next(words), flush=True)
        elif word == "err":
            print(next(words), file=sys.stderr, flush=True)
        elif word == "noise":
            sys.stderr.write("x" * int(next(words)))
        elif word == "sleep":
            time.sleep(float(next(words)))
        elif word == "child":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            Path(next(words)).write_text(str(child.pid))
        elif word == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        elif word == "touch":
            Path(next(words)).touch()
        elif word == "exit":
            sys.exit(int(next(words)))
        elif word == "eat":
            held = bytearray(int(next(words)))
            held[-1] = 1
        elif word == "env":
            event("result", names=sorted(os.environ))


main()

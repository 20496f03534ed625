"""Start a command under a memory limit, tied to its starter's life: `launch BYTES PARENT SIGNAL COMMAND…`.

A module of its own, since what must hold before the command's first instruction cannot be set from outside,
and a worker with threads must not run Python between fork and exec.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

try:
    import resource
except ImportError:  # no limits on this system; commands run without
    resource = None

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Limit, tie to the parent, become the command."""
    limit, parent, name, *command = arguments
    if resource is not None and int(limit):
        # what is written to counts, not what libraries merely reserve: an address-space limit stops them cold
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit), int(limit)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.Signals[f"SIG{name}"])
        if os.getppid() != int(parent):  # it died before it could be watched
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    main(sys.argv[1:])

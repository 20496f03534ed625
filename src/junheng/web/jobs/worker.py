"""A worker: takes jobs from its queues one after another, says that it lives, and finds jobs of workers that
do not."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from junheng.web.jobs import actions, tasks

BEAT_SECONDS = 10.0
REAP_SECONDS = 30.0
POLL_SECONDS = {"quick": 0.5}
_log = logging.getLogger("junheng.worker")


class DeskWorker(Worker):
    """The queue's worker; asked to end, it puts the job in hand back at once instead of finishing it."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal ends the job in hand (its child gets its grace); a second one changes nothing."""
        if tasks.stopping.is_set():
            return
        tasks.stopping.set()
        self.running = False
        if not self.running_task:
            sys.exit(0)


def work(queue: str) -> None:
    """Serve `queue` ("quick", "heavy", or "*" for both) until SIGTERM or SIGINT."""
    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{get_random_string(8)}"
    worker = DeskWorker(
        queue_names=[queue],
        interval=POLL_SECONDS.get(queue, 1.0),
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    signal.signal(signal.SIGINT, worker.shutdown)
    signal.signal(signal.SIGTERM, worker.shutdown)
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(name, queue, ended), daemon=True)
    beating.start()
    try:
        worker.run()
    finally:
        ended.set()
        beating.join(5)
        _calmly(lambda: tasks.silence(name))


def _beat(name: str, queues: str, ended: threading.Event) -> None:
    """Heartbeat and the search for lost jobs, beside the work."""
    due = timezone.now().timestamp()
    while True:
        _calmly(lambda: tasks.beat(name, queues))
        if (now := timezone.now().timestamp()) >= due:
            due = now + REAP_SECONDS
            _calmly(actions.reap)
        if ended.wait(BEAT_SECONDS):
            connection.close()
            return


def _calmly(step: Callable[[], object]) -> None:
    """A database that is away for a while must not end the worker."""
    try:
        step()
    except DatabaseError as error:
        _log.warning("%s", error)
        close_old_connections()

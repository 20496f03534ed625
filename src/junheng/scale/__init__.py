"""The rooms over many counties: in process, in a pool of processes, on Spark; equal results, checkpoints."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.scale.national import make
    from junheng.scale.running import run
    from junheng.scale.verbs import Assess, Each, Measure
else:
    __getattr__ = on_demand(
        __name__,
        {
            "Assess": "verbs",
            "Each": "verbs",
            "Measure": "verbs",
            "make": "national",
            "run": "running",
        },
    )

__all__ = ["Assess", "Each", "Measure", "make", "run"]

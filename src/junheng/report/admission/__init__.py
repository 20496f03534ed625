"""A public draw on paper: the bureau's folder of it, and what is published for everybody to verify."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.report.admission.draw_folder import DrawFolder
    from junheng.report.admission.families import write_edition
    from junheng.report.admission.publication import publish
else:
    __getattr__ = on_demand(
        __name__, {"DrawFolder": "draw_folder", "publish": "publication", "write_edition": "families"}
    )

__all__ = ["DrawFolder", "publish", "write_edition"]

"""The packaged Chinese type: found, cut to the characters in use, embedded, and made known to matplotlib."""

from __future__ import annotations

import base64
import io
import logging
from functools import cache, lru_cache
from pathlib import Path

from junheng.model.errors import Refused

FAMILY = "Noto Sans SC"
"""Family name of the packaged font, in pages and charts alike."""

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {400: "NotoSansSC-Regular.ttf", 700: "NotoSansSC-Bold.ttf"}
_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "—–−…·、。，：；（）「」《》“”‘’％+<>■●▲○✓"


def path(weight: int = 400) -> Path:
    """The packaged TTF. Refused when the build that brings the fonts has not run."""
    file = _FOLDER / _FILES[weight]
    if not file.is_file():
        raise Refused("report.fonts_missing", {"file": file.name})
    return file


@cache
def register() -> str:
    """Make the packaged weights known to matplotlib; returns the family name."""
    from matplotlib import font_manager  # noqa: PLC0415 - a page needs type without a drawing

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    for weight in _FILES:
        font_manager.fontManager.addfont(path(weight))
    return FAMILY


@lru_cache(maxsize=8)
def _subset(weight: int, characters: str, flavor: str | None) -> bytes:
    from fontTools import subset  # noqa: PLC0415 - where type lies is asked far more often

    options = subset.Options()
    options.set(flavor=flavor)
    options.notdef_outline = True
    options.recalc_timestamp = False  # same characters, same bytes
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]  # copyright and licence travel with the font
    font = subset.load_font(str(path(weight)), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    held = io.BytesIO()
    subset.save_font(font, held, options)
    font.close()
    return held.getvalue()


def _characters(text: str) -> str:
    return "".join(sorted({c for c in text + _ALWAYS if c.isprintable()}))


def woff2(text: str, weight: int = 400) -> str:
    """Base64 WOFF2 of the packaged font with just the characters of `text` (and ASCII)."""
    return base64.b64encode(_subset(weight, _characters(text), "woff2")).decode("ascii")


def truetype(text: str, weight: int = 400) -> bytes:
    """TrueType bytes of the packaged font with just the characters of `text` (and ASCII)."""
    return _subset(weight, _characters(text), None)

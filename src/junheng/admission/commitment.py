"""Freezing what a draw will decide (封存): one line a child, a Merkle tree over the lines, one root to
publish.

Leaf = SHA-256(0x00 ‖ nonce ‖ line), node = SHA-256(0x01 ‖ left ‖ right), an odd node goes up as it is: the
shape of RFC 6962, in which no leaf can pass for a node and no last leaf is doubled. The nonce keeps a line
from being guessed; a family gets its line, nonce and path and finds the published root by hashing alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from junheng.model.errors import BadData

NONCE = 16
"""Bytes of a nonce."""


@dataclass(frozen=True, slots=True)
class Path:
    """What leads from one leaf to the root: sibling digests from below, and whether each stands on the
    left."""

    index: int
    siblings: tuple[tuple[bytes, bool], ...]


class Tree:
    """A Merkle tree over lines and nonces, in the order given."""

    def __init__(self, lines: Sequence[str], nonces: Sequence[bytes]) -> None:
        """BadData `admission.bad_lines` for lines that hold a line break or nonces of another length or
        number."""
        whole = len(lines) == len(nonces) and all(len(nonce) == NONCE for nonce in nonces)
        if not whole or any("\n" in line for line in lines):
            raise BadData("admission.bad_lines", {"lines": len(lines), "nonces": len(nonces), "bytes": NONCE})
        sha = hashlib.sha256
        level = [
            sha(b"\x00" + nonce + line.encode()).digest() for line, nonce in zip(lines, nonces, strict=True)
        ]
        self._levels = [level]
        while len(level) > 1:
            pairs = iter(level)
            up = [sha(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
            if len(level) % 2:
                up.append(level[-1])
            level = up
            self._levels.append(level)

    @property
    def root(self) -> bytes:
        """The digest to publish; that of nothing at all for no lines."""
        top = self._levels[-1]
        return top[0] if top else hashlib.sha256(b"").digest()

    def path(self, index: int) -> Path:
        """Proof for the line at `index`. IndexError outside the tree."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        siblings: list[tuple[bytes, bool]] = []
        at = index
        for level in self._levels[:-1]:
            other = at ^ 1
            if other < len(level):
                siblings.append((level[other], other < at))
            at >>= 1
        return Path(index, tuple(siblings))


def leaf(line: str, nonce: bytes) -> bytes:
    """Digest of one line."""
    return hashlib.sha256(b"\x00" + nonce + line.encode()).digest()


def leads_to(root: bytes, line: str, nonce: bytes, path: Path) -> bool:
    """Whether line, nonce and path give the root."""
    digest = leaf(line, nonce)
    for sibling, on_left in path.siblings:
        digest = hashlib.sha256(b"\x01" + (sibling + digest if on_left else digest + sibling)).digest()
    return digest == root

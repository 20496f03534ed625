"""Ring draw (起始号 + 间隔): numbers stand in a ring; from a drawn start every `step`-th left is taken.

Numbers are dealt to receipts by ticket first: otherwise the order of registration would decide. The
published log is replayed to prove a result; there is no cut-off.
"""

from __future__ import annotations

from collections.abc import Sequence


def ring_draw(numbers: int, seats: int, start: int, step: int) -> tuple[int, ...]:
    """Winners among 1…`numbers` in the order drawn: `start` first, then each time the `step`-th number
    still in the ring after the last winner. Everybody wins where seats suffice. O(seats × log numbers).

    ValueError for a start outside the ring or a step below 1.
    """
    if numbers == 0:
        return ()
    if not 1 <= start <= numbers or step < 1 or seats < 0:
        raise ValueError(f"start {start} of {numbers}, step {step}, seats {seats}")
    tree = _counts(numbers)
    place, left = start - 1, numbers  # place among those left, from 0
    winners: list[int] = []
    for _ in range(min(seats, numbers)):
        winners.append(_take(tree, place + 1))
        left -= 1
        if left:
            place = (place + step - 1) % left
    return tuple(winners)


def replay(winners: Sequence[int], numbers: int, start: int, step: int) -> bool:
    """Whether a published order of winners follows from its start and step, by walking the ring one by
    one."""
    left = list(range(1, numbers + 1))
    at = start - 1
    for winner in winners:
        if not left or left[at % len(left)] != winner:
            return False
        at %= len(left)
        left.pop(at)
        at += step - 1
    return True


def _counts(numbers: int) -> list[int]:
    """A Fenwick tree of ones."""
    return [at & -at for at in range(numbers + 1)]


def _take(tree: list[int], rank: int) -> int:
    """Remove and return the `rank`-th number left."""
    at, step = 0, 1 << (len(tree) - 1).bit_length()
    while step:
        if at + step < len(tree) and tree[at + step] < rank:
            at += step
            rank -= tree[at]
        step >>= 1
    taken = at = at + 1
    while at < len(tree):
        tree[at] -= 1
        at += at & -at
    return taken

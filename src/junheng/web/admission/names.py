"""Children's names at rest: sealed as other personal values are, found by a keyed digest, never by a part."""

from __future__ import annotations

from typing import Any

from django.db import models

from junheng.web.accounts import sealing

NAME = "admission.Child.name"
"""What a name is bound to: moved to another field it does not open."""


class SealedName(models.TextField[str, str]):
    """Text that is sealed in the database and open in the program. It can be told from an empty one, nothing
    more: look names up by `name_keys`."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        """Open what is stored. Refused when its key is not among ours or it was altered."""
        return sealing.unseal(value or "", field=NAME)

    def get_prep_value(self, value: Any) -> str:
        """Seal with the present key."""
        return sealing.seal(str(value or ""), field=NAME)


class NameKey(models.CharField[str, str]):
    """What the row's name is found by, worked out whenever the row is saved."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """The key of the name as it is now."""
        model_instance.name_key = name_key(model_instance.name)
        return model_instance.name_key


def name_key(name: str) -> str:
    """What a name is stored to be found by, under the present key."""
    return next(iter(sealing.digests(name, field=NAME)), "")


def name_keys(name: str) -> list[str]:
    """What a name may have been stored under: one for each of our keys."""
    return sealing.digests(name, field=NAME)

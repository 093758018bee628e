"""Refuse class methods called on an instance, where the result would be lost: `model.load(path)`."""

from __future__ import annotations

from typing import Any

from fastw2v.errors import NotAModelError


def refuse_on_instances(owner: type, name: str) -> None:
    """Make a class method one that instances do not have: NotAModelError says how to call it."""
    setattr(owner, name, _OfClass(vars(owner)[name], name))


class _OfClass:
    def __init__(self, method: Any, name: str) -> None:
        self._method, self._name = method, name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is not None:
            kind = owner.__name__
            raise NotAModelError(
                f"{self._name} is a method of the class and leaves an instance as it is; "
                f"{kind.lower()} = {kind}.{self._name}(...) would work."
            )
        return self._method.__get__(None, owner)

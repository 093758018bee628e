"""Engines: which of the registry can be used here, and the one that the settings name.

Importing this module imports none of them.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastw2v import objectives
from fastw2v.errors import MissingExtraError, UsageError
from fastw2v.messages.callers import given
from fastw2v.registry import AUTO, ENGINES

if TYPE_CHECKING:
    from fastw2v.draws.numpy_draws import Draws
    from fastw2v.engines.base import Engine
    from fastw2v.settings import Settings

logger = logging.getLogger(__name__)


def available(names: Iterable[str] = ENGINES) -> dict[str, str]:
    """Return why each of these engines cannot be used here, by name; an empty text where it can."""
    reasons = {}
    for name in names:
        try:
            _load(name)
            reasons[name] = ""
        except Exception as error:  # a broken installation of numba fails in its own ways, OSError among them
            reasons[name] = str(error) or type(error).__name__
    return reasons


def resolve(name: str) -> str:
    """Return the engine's name; for `auto` the fastest that can be imported here, saying so if it is not the last.

    Raises:
        MissingExtraError: the engine was asked for by name and cannot be imported.
    """
    # An engine asked for by name needs no other to be imported.
    reasons = available() if name == AUTO else available([name])
    if name != AUTO:
        if reasons[name]:
            works = given("engine", "numpy")
            raise MissingExtraError(f"engine {name} cannot be used here: {reasons[name]}. {works} would work.")
        return name
    usable = [engine for engine in ENGINES if not reasons[engine]][-1]
    for engine, reason in reasons.items():
        if reason:
            logger.warning("engine %s cannot be imported (%s): %s trains, which is slower", engine, reason, usable)
    return usable


def make(settings: Settings, counts: Any) -> tuple[Engine, Draws]:
    """Return the settings' engine and its draws for a vocabulary with these counts, (V,) int64.

    Raises:
        MissingExtraError: the engine was asked for by name and cannot be imported.
        UsageError: it was, and does not train the settings' objective; or a setting does not go with the objective.
    """
    objective = objectives.make(settings, counts)
    objective.check()
    engine, draws = _load(resolve(settings.engine))
    refusal = engine.refusal(objective)
    if refusal and settings.engine == AUTO:
        engine, draws = _load("numpy")
        logger.warning("%s; the %s engine trains, which is slower", refusal, engine.name)
    elif refusal:
        works = given("engine", "numpy")
        raise UsageError(f"engine {settings.engine} cannot train this: {refusal}. {works} would work.")
    return engine(settings, counts), draws(counts, settings)


def _load(name: str) -> list[Any]:
    parts = [place.split(":") for place in ENGINES[name]]
    return [getattr(importlib.import_module(module), attribute) for module, attribute in parts]


def refusal(name: str, settings: Settings, counts: Any) -> str:
    """Return why an engine cannot train the settings' objective for these counts; an empty text where it can."""
    found: str = _load(name)[0].refusal(objectives.make(settings, counts))
    return found


def versions(name: str) -> dict[str, str]:
    """Return what an engine's bits depend on; see `Engine.versions`."""
    found: dict[str, str] = _load(name)[0].versions()
    return found

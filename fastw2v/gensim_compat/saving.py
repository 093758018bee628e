"""Arguments of gensim's `save` and `load`: names for the path, and those without effect.

For models and vectors alike.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from fastw2v.errors import WrongTypeError

PathLike = str | os.PathLike[str]

# gensim's names for the path: that of `load`, and that of `save`.
PATHS = ("fname", "fname_or_handle")
# Without effect: gensim's default, and why.
SAVE: dict[str, tuple[Any, str]] = {
    "separately": (None, "the vectors can be mapped as they are saved, by load(..., mmap='r')"),
    "sep_limit": (10 * 1024**2, "the vectors can be mapped as they are saved, by load(..., mmap='r')"),
    "ignore": (frozenset(), "what is there is saved whole"),
    "pickle_protocol": (4, "nothing is pickled"),
}
LOAD: dict[str, tuple[Any, str]] = {"rethrow": (False, "an error is raised as it is")}

logger = logging.getLogger(__name__)


def path_of(call: str, path: PathLike | None, theirs: Mapping[str, Any]) -> PathLike:
    """Return the path, given as our argument or under gensim's name, and warn of arguments without effect.

    Args:
        call: "save" or "load".
        path: ours; None: not given.
        theirs: gensim's arguments by name.

    Raises:
        WrongTypeError: an argument is unknown, or there is no path, more than one, or an open file in its place.
    """
    no_effect = SAVE if call == "save" else LOAD
    for name, value in theirs.items():
        if name not in (*PATHS, *no_effect):
            raise WrongTypeError(f"{call} has no argument {name!r:.60}; {call}('NAME') would work.")
        if name in no_effect and value != no_effect[name][0]:
            logger.warning("%s=%.60r has no effect: %s", name, value, no_effect[name][1])
    paths = [given for given in (path, *map(theirs.get, PATHS)) if given is not None]
    if len(paths) != 1 or not isinstance(paths[0], str | os.PathLike):
        got = "none" if not paths else f"{len(paths)} of them" if len(paths) > 1 else type(paths[0]).__name__
        raise WrongTypeError(f"{call} needs one path. Got {got}; {call}('NAME') would work.")
    return paths[0]

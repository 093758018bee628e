"""Arguments of a run that are kept in its checkpoints, so that `--resume` needs nothing else.

That the corpus found again is the same one is seen by `checkpoints`, which hold what tells it from others.
"""

from __future__ import annotations

import glob
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fastw2v.errors import DataError, UsageError
from fastw2v.settings import Settings
from fastw2v.training import checkpoint_file
from fastw2v.training.checkpoint_file import Texts
from fastw2v.training.checkpoints import DEFAULT_EVERY, Checkpoints

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Beginning:
    """What a run was begun with.

    Attributes:
        settings: by name, as they were asked for: `engine` may be auto.
        folder: the working directory, to which paths are relative.
        corpus: paths and patterns, "-" for standard input; none: the built-in stories.
        continue_from, init_from: a model, or vectors, to begin with.
        evaluate: the files that judge each epoch.
        checkpoint_every: how often a checkpoint was saved.
        no_cache: whether text was read into memory.
    """

    settings: dict[str, Any]
    folder: str
    corpus: tuple[str, ...] = ()
    continue_from: str | None = None
    init_from: str | None = None
    evaluate: tuple[str, ...] = ()
    checkpoint_every: str = DEFAULT_EVERY
    no_cache: bool = False

    def here(self) -> Beginning:
        """Return it with paths that lead to the same files from this working directory."""
        if self.folder == str(Path.cwd()):
            return self
        folder = Path(self.folder)
        return replace(
            self,
            folder=str(Path.cwd()),
            corpus=tuple(path if path == STANDARD_INPUT else str(folder / path) for path in self.corpus),
            continue_from=self.continue_from and str(folder / self.continue_from),
            init_from=self.init_from and str(folder / self.init_from),
            evaluate=tuple(str(folder / path) for path in self.evaluate),
        )

    def missing(self) -> str | None:
        """Return the first path at which nothing is any more."""
        paths = (*self.corpus, self.continue_from, self.init_from, *self.evaluate)
        gone = (path for path in paths if path and path != STANDARD_INPUT and not Path(path).exists())
        # A pattern is none of a file; that it matches nothing is said where it is read.
        return next((path for path in gone if not glob.has_magic(path)), None)

    def as_text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))


def recall(checkpoints: Checkpoints) -> Beginning | None:
    """Return what the run of these checkpoints was begun with, by the newest one that is whole.

    None where there is no such checkpoint, or where it was not recorded: in Python's `fit`, and by older versions.

    Raises:
        DataError: what is recorded is malformed.
    """
    for path in checkpoints.newest_first():
        try:
            texts = checkpoint_file.read_texts(path)
        except DataError:
            continue  # what is wrong with it is said when it is loaded
        return None if checkpoints.BEGINNING not in texts else _parsed(texts, path)
    return None


def _parsed(texts: Texts, path: Path) -> Beginning:
    try:
        values = json.loads(texts[Checkpoints.BEGINNING])
        # Which number auto stood for was not known yet when the run was begun.
        values["settings"]["epochs"] = json.loads(texts["settings"])["epochs"]
        lists = {name: tuple(values[name]) for name in ("corpus", "evaluate")}
        found = Beginning(**{**values, **lists})
        one = (found.folder, found.continue_from or "", found.init_from or "", found.checkpoint_every)
        if not all(isinstance(value, str) for value in (*one, *found.corpus, *found.evaluate)):
            raise ValueError
        Settings.from_mapping(found.settings, str(path))
    except (ValueError, TypeError, KeyError, RecursionError, UsageError):
        raise DataError(f"{path}: what the run was begun with is malformed; give it on the command line.") from None
    return found

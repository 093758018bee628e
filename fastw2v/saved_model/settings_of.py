"""The settings of a model that was read, once its weights are held against the objective that they name."""

from __future__ import annotations

import os
from pathlib import Path

from fastw2v import objectives
from fastw2v.errors import DataError, UsageError
from fastw2v.files.replacing import place
from fastw2v.messages.printable import plural
from fastw2v.saved_model.storage import MANIFEST, SavedModel
from fastw2v.settings import Settings


def settings_of(saved: SavedModel, directory: str | os.PathLike[str]) -> Settings:
    """Return the settings of a model read from a directory.

    Raises:
        DataError: they are none of ours, or their objective has other numbers of rows than the weights.
    """
    try:
        settings = Settings.from_mapping(saved.settings, os.fspath(directory))
    except UsageError as error:
        raise DataError(str(error)) from None
    objective = objectives.make(settings, saved.counts)
    wanted, found = objective.shapes(len(saved.words)), (len(saved.w_in), len(saved.w_out))
    if found != wanted:
        raise DataError(
            f"{place(Path(directory), MANIFEST)}: W_in and W_out need {wanted[0]:,} and {wanted[1]:,} rows, for "
            f"{plural(len(saved.words), 'word')} and {objective.name}. Got {found[0]:,} and {found[1]:,}."
        )
    return settings

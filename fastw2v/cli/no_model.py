"""Say what a directory without a model holds: an interrupted run, an encoded corpus, models, vectors."""

from __future__ import annotations

import shlex
from pathlib import Path


def refuse_other(path: Path) -> None:
    """Raise UsageError for a directory that holds no model; see `described`."""
    from fastw2v.errors import UsageError
    from fastw2v.saved_model.storage import holds_model

    if path.is_dir() and not holds_model(path):
        raise UsageError(described(path))


def described(path: Path) -> str:
    """Return the sentence that says what a directory without a model holds, and what may be done with it."""
    from fastw2v.corpus.store import holds_corpus
    from fastw2v.errors import Fastw2vError
    from fastw2v.formats.vector_files import file_in
    from fastw2v.saved_model.storage import MANIFEST
    from fastw2v.training.checkpoints import Checkpoints

    nothing, quoted = f"{path} holds no model: there is no {MANIFEST} in it", shlex.quote(str(path))
    try:
        if Checkpoints(path).found():
            how = f"`fastw2v train --resume --output {quoted}` goes on with it"
            return f"{path} holds no model yet, but checkpoints of a run that has not ended; {how}."
    except Fastw2vError:  # a link is in the place of their folder
        return f"{nothing}."
    if holds_corpus(path):
        return f"{path} is an encoded corpus, not a model; `fastw2v train {quoted}` trains one on it."
    if (model := _model_in(path)) is not None:
        return f"{nothing}, but {model} is a model, which might be given."
    if (found := file_in(path)) is not None:
        return f"{nothing}, but {found}, which might be given."
    if any(path.glob("*.txt")):
        return f"{nothing}, but text: `fastw2v train {quoted}` trains one on it."
    return f"{nothing}."


def _model_in(folder: Path) -> Path | None:
    """Return a model in a folder of models: of numbered ones the highest; None: there is none."""
    from fastw2v.saved_model.storage import holds_model

    try:
        models = [entry for entry in folder.iterdir() if entry.is_dir() and holds_model(entry)]
    except OSError:
        return None
    numbered = [entry for entry in models if entry.name.isascii() and entry.name.isdigit()]
    return max(numbered, key=lambda entry: int(entry.name), default=min(models, default=None))

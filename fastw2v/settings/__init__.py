"""Every setting of a training run, with its default, its range and its help: the one place that knows them.

The command line's options and the signature of `Word2Vec` are made from `Settings`; its names are gensim's where gensim
has the setting.
"""

from __future__ import annotations

import difflib
import functools
import math
import os
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

from fastw2v.errors import UsageError, WrongTypeError
from fastw2v.files.encodings import UTF8, WHAT, canonical, did_you_mean
from fastw2v.messages.callers import given
from fastw2v.registry import AUTO, ENGINES
from fastw2v.system.scalars import plain


class Check(NamedTuple):
    """The values that a setting may have: as a text, as a test, and all of them where they are a few names."""

    text: str
    holds: Callable[[Any], bool]
    choices: tuple[str, ...] = ()


def _number(kind: type, low: float, high: float = math.inf, *, open_low: bool = False) -> Check:
    """Return the text of a range and the test for it."""
    name = {int: "an integer", float: "a number"}[kind]
    text = f"{name} {'>' if open_low else '>='} {low}" + ("" if math.isinf(high) else f" and <= {high}")
    allowed = (int,) if kind is int else (int, float)

    def holds(value: Any) -> bool:
        # No test for finiteness: an integer may be too large for it. NaN is in no range.
        if isinstance(value, bool) or not isinstance(value, allowed) or not abs(value) <= sys.float_info.max:
            return False
        return (value > low if open_low else value >= low) and value <= high

    return Check(text, holds)


def _choice(*names: str) -> Check:
    return Check("one of " + ", ".join(names), lambda value: isinstance(value, str) and value in names, names)


def _dtype_name(value: Any) -> Any:
    """Return the name of a type of numbers that is given as NumPy's, such as np.float64 or np.dtype("float64")."""
    if value is float:
        return "float64"
    return value.__name__ if isinstance(value, type) else getattr(value, "name", value)


_SWITCH = Check("true or false", lambda value: isinstance(value, bool))
_TEXT = Check("a text", lambda value: isinstance(value, str) and value != "")
_OPTIONAL = Check(
    "an integer >= 2, or nothing",
    lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 2),
)


def _setting(default: Any, group: str, check: Check, text: str, spelt: Callable[[Any], Any] | None = None) -> Any:
    """Return a field; `spelt` gives the one spelling of values that mean the same, and leaves wrong ones."""
    return field(default=default, metadata={"group": group, "check": check, "help": text, "spelt": spelt or plain})


NOISE: tuple[Literal["grouped", "shared", "per-pair"], ...] = ("grouped", "shared", "per-pair")
_READ, _WORDS, _MODEL, _TRAIN, _RUN = "Reading", "Vocabulary", "Model", "Training", "Engine"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a run, checked when made. NumPy's scalars become Python's, and paths text.

    Raises:
        UsageError: a value is outside its range, or a name is no setting's; the message gives the range and the
            default, or the name that is probably meant.
    """

    documents: Literal["auto", "line", "blank", "marker"] = _setting(
        "auto",
        _READ,
        _choice("auto", "line", "blank", "marker"),
        "A document: line, blank (between blank lines), marker (between <|endoftext|>); auto: marker or line, by file.",
    )
    tokenizer: str = _setting(
        "words", _READ, _choice("words", "whitespace"), "words: in lower case; whitespace: split there."
    )
    encoding: str = _setting(
        UTF8,
        _READ,
        Check(WHAT, lambda value: isinstance(value, str) and canonical(value) is not None),
        "Any of Python's; a byte order mark wins.",
        lambda value: canonical(value) or value if isinstance(value, str) else value,
    )
    encoding_errors: Literal["strict", "replace"] = _setting(
        "strict", _READ, _choice("strict", "replace"), "Wrong bytes: strict or replace."
    )
    field: str = _setting("text", _READ, _TEXT, "Field of .jsonl, column of Parquet and datasets.")
    limit: str | None = _setting(
        None,
        _READ,
        Check("a size such as 50MB or a number of documents such as 100000docs", lambda v: v is None or _TEXT.holds(v)),
        "Only the first 50MB (decompressed) or 100000docs.",
    )
    stop_words: str = _setting(
        "none",
        _WORDS,
        _TEXT,
        "Words to leave out: none, english or a file.",
    )
    min_count: int = _setting(5, _WORDS, _number(int, 1), "Leave out rarer words.")
    max_final_vocab: int | None = _setting(
        None,
        _WORDS,
        _OPTIONAL,
        "Most words to train.",
    )
    max_vocab_size: int | None = _setting(
        None,
        _READ,
        _OPTIONAL,
        "Most words to count at a time while reading.",
    )
    sample: float = _setting(1e-3, _WORDS, _number(float, 0, 1), "Subsampling threshold; 0: none.")
    vector_size: int = _setting(100, _MODEL, _number(int, 1, 65536), "Dimensions of a vector.")
    window: int = _setting(5, _MODEL, _number(int, 1, 1000), "Largest distance of a context.")
    shrink_windows: bool = _setting(True, _MODEL, _SWITCH, "Draw the radius from 1..window.")
    negative: int = _setting(5, _MODEL, _number(int, 1, 1000), "Noise words K.")
    ns_exponent: float = _setting(0.75, _MODEL, _number(float, -10, 10), "Noise is drawn by count to this.")
    noise: Literal["grouped", "shared", "per-pair"] = _setting(
        "grouped",
        _MODEL,
        _choice(*NOISE),
        "Who shares K noise words: per-pair: one pair; shared: one window; grouped: up to eight windows, eight apart.",
    )
    epochs: int = _setting(5, _TRAIN, _number(int, 1, 2**31), "Passes over the corpus.")
    alpha: float = _setting(0.025, _TRAIN, _number(float, 0, open_low=True), "Learning rate at the start.")
    min_alpha: float = _setting(1e-4, _TRAIN, _number(float, 0), "Lowest learning rate.")
    schedule: Literal["linear", "exponential", "constant"] = _setting(
        "linear",
        _TRAIN,
        _choice("linear", "exponential", "constant"),
        "Learning rate: linear, exponential or constant.",
    )
    decay: float = _setting(0.5, _TRAIN, _number(float, 0, 1, open_low=True), "Factor an epoch, exponential.")
    batch_size: int = _setting(256, _TRAIN, _number(int, 1, 2**20), "Centres a batch.")
    gradient_clip: float = _setting(0.0, _TRAIN, _number(float, 0), "Clip rows' gradients to this; 0: not.")
    init: Literal["uniform", "xavier", "he"] = _setting(
        "uniform",
        _TRAIN,
        _choice("uniform", "xavier", "he"),
        "Input vectors: uniform, xavier, he.",
    )
    sigmoid_clip: float = _setting(16.0, _TRAIN, _number(float, 0, 30, open_low=True), "Scores are clipped to +- this.")
    validation: int = _setting(
        10_000,
        _TRAIN,
        _number(int, 0),
        "Most held-out pairs to measure the loss on; 0: none.",
    )
    early_stopping: int = _setting(
        0, _TRAIN, _number(int, 0), "Stop after so many epochs without a lower validation loss; 0: never."
    )
    seed: int = _setting(1, _TRAIN, _number(int, 0, 2**64 - 1), "Seed of every random draw.")
    engine: str = _setting(
        AUTO,
        _RUN,
        _choice(AUTO, *ENGINES),
        "numba (compiled), numpy, reference (loops); auto: the fastest here.",
    )
    dtype: Literal["float32", "float64"] = _setting(
        "float32", _RUN, _choice("float32", "float64"), "float32 or float64.", _dtype_name
    )
    workers: int = _setting(1, _RUN, _number(int, 1, 1024), "Threads (numba).")
    deterministic: bool = _setting(False, _RUN, _SWITCH, "Give the bits of one worker.")

    def __post_init__(self) -> None:
        for item in fields(self):
            check: Check = item.metadata["check"]
            value = item.metadata["spelt"](plain(getattr(self, item.name)))
            value = os.fspath(value) if isinstance(value, os.PathLike) else value
            object.__setattr__(self, item.name, value)
            if not check.holds(value):
                # gensim takes a min_count of 0, for the same words.
                meant = did_you_mean(value) if item.name == "encoding" else ""
                works = "the default is " + repr(item.default)
                works = given("min_count", 1) + " keeps every word" if (item.name, value) == ("min_count", 0) else works
                raise UsageError(f"{item.name} must be {check.text}. Got {value!r:.60}{meant}; {works}.")
        if self.min_alpha > self.alpha:
            raise UsageError(
                f"min_alpha must not exceed alpha. Got min_alpha {self.min_alpha:g} and alpha {self.alpha:g}; "
                f"{given('min_alpha', min(1e-4, self.alpha))} would work."
            )
        if self.early_stopping and not self.validation:
            works = given("validation", 10000)
            raise UsageError(f"early_stopping watches the validation loss. Got validation 0; {works} would work.")

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], origin: str) -> Settings:
        """Make settings from names and values read from `origin`, which error messages name."""
        try:
            return cls(**values)
        except UsageError as error:
            raise UsageError(f"{origin}: {error}") from None

    def as_dict(self) -> dict[str, Any]:
        """Return the settings by name, in the order of the class."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


# What settings are called elsewhere: in gensim before version 4, fastText, word2vec.c, scikit-learn, PyTorch.
_ELSEWHERE = {
    **dict.fromkeys(("size", "dim", "embedding_dim", "embedding_size"), "vector_size"),
    **dict.fromkeys(("iter", "epoch"), "epochs"),
    **dict.fromkeys(("threads", "thread", "n_jobs"), "workers"),
    **dict.fromkeys(("lr", "learning_rate"), "alpha"),
    "ws": "window",
    "neg": "negative",
    "min_freq": "min_count",
    "random_state": "seed",
}


def likely_setting(name: str, known: Collection[str]) -> str | None:
    """Return which of the names known is probably meant by one that is not; None where none comes near."""
    if _ELSEWHERE.get(name) in known:
        return _ELSEWHERE[name]
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.7)), None)


def _naming_the_unknown(make: Callable[..., None]) -> Callable[..., None]:
    """Let `Settings` refuse a name that is no setting's with the one that is probably meant."""

    @functools.wraps(make)
    def wrapper(self: Settings, /, **values: Any) -> None:
        known = {item.name for item in fields(Settings)}
        for name in sorted(set(values) - known):
            close = likely_setting(name, known)
            meant = f"did you mean {close}?" if close else f"known: {', '.join(sorted(known))}."
            raise WrongTypeError(f"unknown setting {name!r:.60}; {meant}")
        make(self, **values)

    return wrapper


Settings.__init__ = _naming_the_unknown(Settings.__init__)  # type: ignore[method-assign]

# The settings that say how text is read: an encoded corpus is made with them, the others are applied to its numbers.
READING = tuple(item.name for item in fields(Settings) if item.metadata["group"] == _READ)

"""Keyword arguments of `Word2Vec` as typed dictionaries, for editors and type checkers.

A test holds names and types equal to those of `settings.Settings`, which has the defaults and what each is for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypedDict


class SettingsKeywords(TypedDict, total=False):
    """The settings, see `settings.Settings`."""

    documents: Literal["auto", "line", "blank", "marker"]
    tokenizer: str
    encoding: str
    encoding_errors: Literal["strict", "replace"]
    field: str
    limit: str | None
    stop_words: str
    min_count: int
    max_final_vocab: int | None
    max_vocab_size: int | None
    sample: float
    vector_size: int
    window: int
    shrink_windows: bool
    negative: int
    ns_exponent: float
    noise: Literal["grouped", "shared", "per-pair"]
    epochs: int
    alpha: float
    min_alpha: float
    schedule: Literal["linear", "exponential", "constant"]
    decay: float
    batch_size: int
    gradient_clip: float
    init: Literal["uniform", "xavier", "he"]
    sigmoid_clip: float
    validation: int
    early_stopping: int
    seed: int
    engine: str
    dtype: Literal["float32", "float64"]
    workers: int
    deterministic: bool


class Keywords(SettingsKeywords, total=False):
    """The settings, and those of gensim's arguments that are no settings here, see `gensim_compat.arguments`."""

    sg: int
    hs: int
    batch_words: int
    cbow_mean: int
    comment: str | None
    compute_loss: bool
    hashfxn: Callable[..., Any]
    null_word: int
    sorted_vocab: int

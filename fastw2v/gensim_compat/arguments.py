"""gensim's `Word2Vec` arguments: which become settings, have no effect, or are refused and why.

Follows the signatures of gensim 4.4. An argument that has no effect is accepted; where its value is not gensim's
default, a warning says so.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from fastw2v.errors import UsageError
from fastw2v.settings import Settings
from fastw2v.system.scalars import plain
from fastw2v.vectors.word_table import check_words

logger = logging.getLogger(__name__)

# Names that both have, with the same meaning; see `settings`.
SAME = frozenset(
    [
        *("vector_size", "window", "shrink_windows", "negative", "ns_exponent"),
        *("min_count", "max_vocab_size", "max_final_vocab", "sample"),
        *("alpha", "min_alpha", "epochs", "seed", "workers"),
    ]
)
# Parameters of `Word2Vec` itself: what is trained on at once, and who hears of it.
AT_ONCE = frozenset({"sentences", "corpus_file", "callbacks", "trim_rule"})
# One value alone is possible: that value, and what is said of any other.
ONLY: dict[str, tuple[Any, str]] = {
    "sg": (1, "0 is CBOW in gensim, and fastw2v trains skip-gram; sg=1 or no sg would work"),
    "hs": (0, "there is no hierarchical softmax; hs=0 with negative=5 would work"),
    "null_word": (0, "there is no word for padding; null_word=0 would work"),
    "sorted_vocab": (1, "words always stand in the order of their counts; sorted_vocab=1 would work"),
}
# Without effect here: gensim's default, and why. compute_loss may be anything: the loss is always measured.
NO_EFFECT: dict[str, tuple[Any, str]] = {
    "batch_words": (10_000, "it is the size of a job of gensim's threads; batch_size is that of a step here"),
    "cbow_mean": (1, "it belongs to CBOW"),
    "comment": (None, "a model keeps no comment"),
    "hashfxn": (hash, "nothing here depends on a hash"),
}
ALWAYS = frozenset({"compute_loss"})
# The same for build_vocab and train; total_examples, total_words may be anything: what is read is counted.
ONLY_IN_CALLS: dict[str, tuple[Any, str]] = {
    "scanning_rule": (None, "a scan counts every word; build_vocab(..., trim_rule=...) would work"),
    "word_count": (0, "a run counts its own words; start_alpha begins at another learning rate"),
}
NO_EFFECT_IN_CALLS: dict[str, tuple[Any, str]] = {
    "keep_raw_vocab": (False, "counts of words that are left out are not kept"),
    "progress_per": (10_000, "reading is not logged"),
    "queue_factor": (2, "there is no queue of jobs"),
    "report_delay": (1.0, "training is reported to callbacks"),
}
# How gensim reads a corpus_file: a line is a sentence, cut into words at white space and nowhere else.
LINES: dict[str, Any] = {"documents": "line", "tokenizer": "whitespace"}
LISTS: dict[str, Any] = {"documents": "auto", "tokenizer": "words", "field": "text"}


def translated(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that arguments of gensim's constructor, and settings of ours among them, stand for.

    Raises:
        UsageError: an argument has a value that is not possible here; the message says what to use.
    """
    _check(arguments, ONLY, NO_EFFECT)
    settings = {name: value for name, value in arguments.items() if name not in {*ONLY, *NO_EFFECT, *ALWAYS}}
    if type(settings.get("min_count")) is int and settings["min_count"] == 0:
        settings["min_count"] = 1  # gensim's 0 is that: a word that is there occurs
    return settings


def holds_out(settings: Mapping[str, Any]) -> bool:
    """Whether settings that a user gave ask for documents to be held out, which gensim's way does not do by itself."""
    return bool(settings.get("validation") or settings.get("early_stopping"))


def check_rule(rule: Any, settings: Settings) -> None:
    """Refuse what is no `trim_rule`, and one that comes too late.

    Raises:
        UsageError: it cannot be called, or words were forgotten before it is asked.
    """
    if rule is None:
        return
    if not callable(rule):
        raise UsageError(f"trim_rule is a function of a word, its count and min_count. Got {rule!r:.60}.")
    if settings.max_vocab_size is not None:
        raise UsageError(
            "trim_rule is asked once all words are counted, and max_vocab_size forgets some before. Got both; "
            "max_final_vocab bounds the words that are trained."
        )


def checked_counts(word_freq: Any) -> dict[Hashable, int]:
    """Return words with their counts as Python's integers.

    Raises:
        UsageError: it is no mapping, a word is bytes or a missing value, or a count is no integer from 0 on.
    """
    if not isinstance(word_freq, Mapping):
        raise UsageError(f"word_freq is a dict of words with their counts. Got {type(word_freq).__name__}.")
    check_words(list(word_freq))
    counts = {word: plain(count) for word, count in word_freq.items()}
    for word, count in counts.items():
        if type(count) is not int or count < 0:
            raise UsageError(f"A count must be an integer >= 0. Got {count!r:.40} for {word!r:.60}.")
    return counts


def check_call(**arguments: Any) -> None:
    """Refuse or warn of arguments of `build_vocab` and `train`.

    Raises:
        UsageError: a value is not possible.
    """
    _check(arguments, ONLY_IN_CALLS, NO_EFFECT_IN_CALLS)


def check_callbacks(callbacks: Iterable[Any]) -> None:
    """Refuse gensim's callbacks, which ask a gensim model.

    Raises:
        UsageError: one of them lacks a method of `trainer.Callback`.
    """
    for callback in callbacks:
        if not hasattr(callback, "on_progress"):
            raise UsageError(
                f"A callback is a fastw2v.Callback. Got {type(callback).__name__}; a subclass with its own "
                "on_epoch_end(record, weights) would work."
            )


def corpus_of(
    sentences: Iterable[Iterable[Hashable]] | None, corpus_file: str | os.PathLike[str] | None
) -> tuple[Any, dict[str, Any]]:
    """Return what `fit` takes for gensim's two ways to give a corpus, and the settings that it is read with.

    Raises:
        UsageError: both or none are given, or the sentences are text and no token lists.
    """
    if (sentences is None) == (corpus_file is None):
        count = "none" if sentences is None else "both"
        raise UsageError(f"Give token lists or corpus_file='PATH', one of the two. Got {count}.")
    if corpus_file is not None:
        return corpus_file, LINES
    text = (str, os.PathLike)
    if isinstance(sentences, text):
        raise UsageError(f"Sentences are token lists. Got {sentences!r:.60}; corpus_file=... would read a file.")
    if isinstance(sentences, list | tuple) and sentences and all(isinstance(sentence, text) for sentence in sentences):
        raise UsageError(
            f"A sentence is a list of tokens. Got {sentences[0]!r:.60}; [text.split() for text in texts] would work."
        )
    return sentences, LISTS


def _check(
    arguments: Mapping[str, Any], only: Mapping[str, tuple[Any, str]], no_effect: Mapping[str, tuple[Any, str]]
) -> None:
    for name, value in arguments.items():
        if name in only and value != only[name][0]:
            raise UsageError(f"{name}={value!r:.60} is not possible: {only[name][1]}.")
        if name in no_effect and value != no_effect[name][0]:
            logger.warning("%s=%.60r has no effect: %s", name, value, no_effect[name][1])

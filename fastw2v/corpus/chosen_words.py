"""Which words are trained: without stop words, rare words, and those that the user's rule drops.

A rule is gensim's `trim_rule`: called with a word, its count and min_count, it says RULE_DEFAULT (min_count decides),
RULE_DISCARD or RULE_KEEP.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UsageError
from fastw2v.messages.callers import given, named
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings

Rule = Callable[[Hashable, int, int], int]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# As in gensim.utils.
RULE_DEFAULT, RULE_DISCARD, RULE_KEEP = 0, 1, 2


@dataclass(frozen=True)
class Chosen:
    """The words of a corpus by what becomes of them.

    Attributes:
        kept: numbers of the words that are trained, ascending.
        stopped: (W,) whether a word is a stop word.
        rare: (W,) whether it is left out for its count or by the rule.
    """

    kept: npt.NDArray[np.intp]
    stopped: Mask
    rare: Mask


def choose(
    items: Sequence[Hashable],
    counts: Counts,
    settings: Settings,
    stop_words: Collection[Hashable],
    known: Mapping[Hashable, int],
    rule: Rule | None = None,
) -> Chosen:
    """Choose among W words with their counts, (W,).

    Known words, of a model that goes on, stay however rare they are. Stop words are no question to the rule.

    Raises:
        DataError: fewer than two words are left; the message names the setting that removed them.
        UsageError: the rule returns something else.
    """
    words = len(items)
    stopped = np.fromiter((item in stop_words for item in items), dtype=bool, count=words)
    ruled = _ruled(items, counts, settings, rule)
    asked = ~stopped & (ruled != RULE_DISCARD)
    new = np.fromiter((item not in known for item in items), dtype=bool, count=words)
    below = (counts < _least_count(counts[asked], settings)) & (ruled != RULE_KEEP)
    below |= counts == 0  # in held-out documents alone
    rare = ~stopped & new & (below | (ruled == RULE_DISCARD))
    kept = np.flatnonzero(~stopped & ~rare)
    if len(kept) < 2:
        raise _too_few(len(kept), counts, stopped, asked, settings)
    return Chosen(kept, stopped, rare)


def _ruled(
    items: Sequence[Hashable], counts: Counts, settings: Settings, rule: Rule | None
) -> npt.NDArray[np.signedinteger[Any]]:
    """Return what the rule says of each word, RULE_DEFAULT without one."""
    if rule is None:
        return np.full(len(items), RULE_DEFAULT, dtype=np.int8)
    said = [rule(item, count, settings.min_count) for item, count in zip(items, counts.tolist(), strict=True)]
    for item, value in zip(items, said, strict=True):
        if value not in (RULE_DEFAULT, RULE_DISCARD, RULE_KEEP):
            raise UsageError(
                "trim_rule(word, count, min_count) must return 0 (min_count decides), 1 (discard) or 2 (keep). "
                f"Got {value!r:.40} for {item!r:.60}."
            )
    return np.array(said, dtype=np.int8)


def _least_count(counts: Counts, settings: Settings) -> int:
    """Return the count below which words go: min_count, raised until at most `max_final_vocab` words are left."""
    most = settings.max_final_vocab
    if most is None or len(counts) <= most:
        return settings.min_count
    return max(settings.min_count, int(np.partition(counts, len(counts) - most - 1)[len(counts) - most - 1]) + 1)


def _too_few(kept: int, counts: Counts, stopped: Mask, asked: Mask, settings: Settings) -> DataError:
    """Say which setting leaves so few words; `asked`: neither stop words nor left out by the rule."""
    if not asked[~stopped].all():
        return DataError(
            f"trim_rule leaves {kept} of {plural(len(counts), 'word')}; training needs at least two. "
            "Let it discard fewer."
        )
    candidates = np.sort(counts[asked & (counts > 0)])[::-1]
    if int((candidates >= settings.min_count).sum()) >= 2:
        return DataError(
            f"max_final_vocab {settings.max_final_vocab} leaves {plural(kept, 'word')}, since words of equal "
            f"count stay or go together. "
            f"{given('max_final_vocab', int((candidates >= candidates[1]).sum()))} would keep some."
        )
    if len(candidates) >= 2:
        # The largest min_count that keeps a tenth of the words, but at least two.
        works = int(candidates[max(1, len(candidates) // 10)])
        return DataError(
            f"min_count {settings.min_count} leaves {kept} of {plural(len(candidates), 'word')} "
            f"(the most frequent occurs {plural(int(candidates[0]), 'time')}). {given('min_count', works)} would keep "
            f"{int((candidates >= works).sum()):,}."
        )
    if stopped.any():
        return DataError(
            f"stop_words {settings.stop_words} leaves {len(candidates)} of {plural(len(counts), 'word')}: it removed "
            f"{int(counts[stopped].sum()):,} of {plural(int(counts.sum()), 'token')}. "
            f"{given('stop_words', 'none')} would keep them."
        )
    return DataError(
        f"The corpus holds {plural(len(counts), 'distinct word')}; training needs at least two. "
        f"Give more text; where it is read from files, another {named('tokenizer')} may find more."
    )

"""From plots to stories: a plot picks one line of each beat, and one cast of drawn words fills the lines in.

The whole story is one `%`-format over a dictionary that draws a role's word when the format first asks for it and keeps
it, which is what holds the story together. Plots are compiled to such formats at import, and each kind of word to a
table in which a word stands as often as its share, so that a draw is one index. The only source of chance is a function
that returns floats in [0, 1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TypeAlias

from fastw2v.stories.data import sections
from fastw2v.stories.words import KINDS, Entry, Variant

Beat: TypeAlias = tuple[str, ...]
Plot: TypeAlias = tuple[Beat, ...]
Draw: TypeAlias = Callable[[], float]

TABLE_SIZE = 4096
# An entry's share falls with its rank r (from 0) as 1 / (r + FLATNESS), Mandelbrot's form of Zipf's law: flat
# enough for the last word of each kind to be met often enough to be learned.
FLATNESS = 12.0
# Words for speaking are drawn anew each time, and most of the time it is just "said" or "asked".
FRESH = ("say", "ask")
FRESH_FLATNESS = 0.5

# Short names for the hero's own words.
_ALIASES = {word: f"hero.{word}" for word in ("he", "his", "him", "boy")}
_KEY = re.compile(r"\{([^}]*)\}")
# Words drawn that begin with a vowel sound but no vowel, and the other way round.
_SILENT_H = "honest"
_LONG_U = "uniform"


def article(phrase: str) -> str:
    """`phrase` with `a` or `an` before it, chosen by its sound."""
    vowel = phrase.startswith(_SILENT_H) or (phrase[0] in "aeiou" and not phrase.startswith(_LONG_U))
    return ("an " if vowel else "a ") + phrase


class Cast(dict[str, str]):
    """The words of one story by key: a role is drawn, and a form of it is made, when first asked for."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._taken: list[str] = []

    def __missing__(self, key: str) -> str:
        if key in FRESH:
            return _TABLES[key][int(self._draw() * TABLE_SIZE)][key]
        if key[0].isupper():
            word = self[key.lower()]
            word = word[0].upper() + word[1:]
        elif key.startswith("a "):
            word = article(self[key[2:]])
        else:
            return self._cast(key.partition(".")[0])[key]
        self[key] = word
        return word

    def _cast(self, role: str) -> Variant:
        """Draw a word for a role that is not cast yet, other than those drawn before."""
        table = _TABLES[role]
        while True:
            words = table[int(self._draw() * TABLE_SIZE)]
            if words[role] not in self._taken:
                break
        self._taken.append(words[role])
        self.update(words)
        return words


def tell(draw: Draw) -> str:
    """One story, told with the chances that `draw` returns."""
    plot = PLOTS[int(draw() * len(PLOTS))]
    lines = [beat[int(draw() * len(beat))] for beat in plot]
    return " ".join(filter(None, lines)) % Cast(draw)


def _table(entries: list[Entry], role: str) -> list[Variant]:
    """TABLE_SIZE variants, each key led by the role: {"animal2": "dog", "animal2.plural": "dogs", ...}."""
    flatness = FRESH_FLATNESS if role in FRESH else FLATNESS
    shares = [1.0 / (rank + flatness) for rank in range(len(entries))]
    scale = TABLE_SIZE / math.fsum(shares)  # sum() of floats changed in Python 3.12, and the text must not
    table: list[Variant] = []
    reached = 0.0
    for entry, share in zip(entries, shares, strict=True):
        reached += share * scale
        keyed = [{f"{role}.{name}" if name else role: word for name, word in v.items()} for v in entry]
        table += [keyed[i % len(keyed)] for i in range(round(reached) - len(table))]
    return table


def _compile(line: str) -> str:
    """A line with {role} marks as a %-format; `he` becomes `hero.he`, also in `{He}` and `{a boy}`."""
    return _KEY.sub(lambda match: f"%({_full_key(match[1])})s", line.replace("%", "%%"))


def _full_key(key: str) -> str:
    lead, _, name = key.rpartition(" ")
    full = _ALIASES.get(name.lower(), name)
    if name[0].isupper():
        full = full.capitalize()
    return f"{lead} {full}" if lead else full


def _paragraphs(text: str) -> list[list[str]]:
    return [block.splitlines() for block in text.strip().split("\n\n")]


def _beats(lines: list[str], shared: dict[str, list[str]]) -> list[Beat]:
    """The beat these lines make, or, where each one is an `@name`, the shared beats one after the other."""
    told = [shared[line[1:]] if line.startswith("@") else [line] for line in lines]
    if not all(line.startswith("@") for line in lines):
        told = [[line for group in told for line in group]]
    return [tuple("" if line == "-" else _compile(line) for line in beat) for beat in told]


def _read_plots(text: str, shared: dict[str, list[str]]) -> list[Plot]:
    """Plots, each headed by a line `= name`; its beats stand between blank lines."""
    plots = [_paragraphs(plot.partition("\n")[2]) for plot in text.strip().removeprefix("= ").split("\n= ")]
    return [tuple(beat for lines in plot for beat in _beats(lines, shared)) for plot in plots]


def _roles(plots: list[Plot]) -> dict[str, str]:
    """Each role that the plots name, and its kind: animal2 -> animal."""
    text = " ".join(line for plot in plots for beat in plot for line in beat).lower()
    return {role: role.rstrip("0123456789") for role in re.findall(r"%\((?:a )?([a-z]+\d*)", text)}


_TEXTS = sections("plots.txt")
_SHARED = {lines[0][1:]: lines[1:] for lines in _paragraphs(_TEXTS["BEATS"])}
PLOTS: list[Plot] = _read_plots(_TEXTS["PLOTS"], _SHARED)
_TABLES: dict[str, list[Variant]] = {role: _table(KINDS[kind], role) for role, kind in _roles(PLOTS).items()}

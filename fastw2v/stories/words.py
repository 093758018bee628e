"""The words a story can draw, by kind: each word with all that belongs to it (plural, home, pronoun, ...).

A *kind* is a list of entries, most frequent first. An *entry* is a list of variants that are equally likely; a
*variant* maps an attribute to a word, and the attribute "" is the word itself: {"": "dog", "plural": "dogs", ...}.
Stories are written from these entries and the ground truth is read off them, so that the two cannot disagree.
"""

from __future__ import annotations

from typing import TypeAlias

from fastw2v.stories import actions, nature, people, things

Variant: TypeAlias = dict[str, str]
Entry: TypeAlias = list[Variant]

_HE = {"he": "he", "his": "his", "him": "him", "boy": "boy"}
_SHE = {"he": "she", "his": "her", "him": "her", "boy": "girl"}


def _rows(text: str, *columns: str) -> list[Variant]:
    """One variant a line, with the given column names; a column `-` is left out."""
    lines = [line.split(" | ") for line in text.strip().splitlines()]
    return [{name: cell for name, cell in zip(columns, line, strict=True) if cell != "-"} for line in lines]


def _plain(text: str) -> list[Entry]:
    return [[{"": word}] for word in text.split()]


def _table(text: str, *columns: str) -> list[Entry]:
    """One entry a line, with a variant for each choice in its last column, which commas part."""
    last = columns[-1]
    return [[{**row, last: choice} for choice in row[last].split(", ")] for row in _rows(text, *columns)]


def _gendered(text: str) -> list[Entry]:
    """Lines `man | woman | things`: men and women are entries of their own, equally frequent."""
    entries: list[Entry] = []
    for row in _rows(text, "man", "woman", "things"):
        for word, pronouns in ((row["man"], _HE), (row["woman"], _SHE)):
            entries.append([{"": word, **pronouns, "thing": thing} for thing in row["things"].split(", ")])
    return entries


def _children() -> list[Entry]:
    """Boys and girls in turn, so that both are equally frequent."""
    pairs = zip(people.BOYS.split(), people.GIRLS.split(), strict=True)
    return [[{"": name, **gender}] for pair in pairs for name, gender in zip(pair, (_HE, _SHE), strict=True)]


def _workers() -> list[Entry]:
    """Half of the people in any job are women."""
    return [
        [{**variant, **pronouns} for variant in entry for pronouns in (_HE, _SHE)]
        for entry in _table(people.JOBS, "", "place", "tool")
    ]


def _animals() -> list[Entry]:
    """Animals without a plural of their own (sheep, deer) are the same in the plural."""
    table = _table(nature.ANIMALS, "", "plural", "young", "sound", "home", "food")
    return [[{**variant, "plural": variant.get("plural", variant[""])} for variant in entry] for entry in table]


def _having(entries: list[Entry], attribute: str) -> list[Entry]:
    return [entry for entry in entries if attribute in entry[0]]


_ANIMALS = _animals()
_ACTIONS = _table(actions.ACTIONS, "", "past", "ing", "how")

KINDS: dict[str, list[Entry]] = {
    "hero": _children(),
    "friend": _children(),
    "person": _gendered(people.PEOPLE),
    "kin": _gendered(people.KIN),
    "heir": _gendered(people.HEIRS),
    "worker": _workers(),
    "animal": _ANIMALS,
    "parent": _having(_ANIMALS, "young"),
    "singer": _having(_ANIMALS, "sound"),
    "dweller": _having(_ANIMALS, "home"),
    "food": _table(nature.FOODS, "", "plural", "with"),
    "dish": _plain(nature.DISHES),
    "drink": _plain(nature.DRINKS),
    "plant": _table(nature.PLANTS, "", "plural", "look"),
    "month": _table(nature.MONTHS, "", "weather"),
    "place": _plain(nature.PLACES),
    "clothes": _plain(people.CLOTHES),
    "body": _plain(people.BODY),
    "joy": _plain(people.JOYS),
    "woe": _plain(people.WOES),
    "manner": _table(people.MANNERS, "", "adverb", "deed"),
    "say": _plain(people.SPEECH),
    "ask": _plain(people.QUESTIONS),
    "toy": _table(things.TOYS, "", "plural", "look"),
    "tool": _table(things.TOOLS, "", "plural", "use"),
    "vehicle": _table(things.VEHICLES, "", "plural", "look"),
    "treasure": _table(things.TREASURES, "", "plural", "look"),
    "furniture": _plain(things.FURNITURE),
    "room": _plain(things.ROOMS),
    "container": _plain(things.CONTAINERS),
    "colour": _plain(things.COLOURS),
    "material": _plain(f"{things.STUFF} {things.CLOTH}"),
    "cloth": _plain(things.CLOTH),
    "stuff": _plain(things.STUFF),
    "instrument": _plain(things.INSTRUMENTS),
    "game": _plain(things.GAMES),
    "number": _plain(things.NUMBERS),
    "day": _plain(things.DAYS),
    "trouble": _table(things.TROUBLES, "", "mended", "of"),
    "act": _ACTIONS,
    "romp": [entry for entry in _ACTIONS if entry[0][""] in actions.ROMPS.split()],
    "quality": _table(actions.QUALITIES, "", "more", "most", "of"),
}

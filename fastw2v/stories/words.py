"""The words a story can draw, by kind: each word with all that belongs to it (plural, home, pronoun, ...).

A *kind* is a list of entries, most frequent first. An *entry* is a list of variants that are equally likely; a
*variant* maps an attribute to a word, and the attribute "" is the word itself: {"": "dog", "plural": "dogs", ...}.
Stories are written from these entries and the ground truth is read off them, so that the two cannot disagree.
"""

from __future__ import annotations

from typing import TypeAlias

from fastw2v.stories.data import sections

Variant: TypeAlias = dict[str, str]
Entry: TypeAlias = list[Variant]

LISTS = sections("words.txt")
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
    pairs = zip(LISTS["BOYS"].split(), LISTS["GIRLS"].split(), strict=True)
    return [[{"": name, **gender}] for pair in pairs for name, gender in zip(pair, (_HE, _SHE), strict=True)]


def _workers() -> list[Entry]:
    """Half of the people in any job are women."""
    return [
        [{**variant, **pronouns} for variant in entry for pronouns in (_HE, _SHE)]
        for entry in _table(LISTS["JOBS"], "", "place", "tool")
    ]


def _animals() -> list[Entry]:
    """Animals without a plural of their own (sheep, deer) are the same in the plural."""
    table = _table(LISTS["ANIMALS"], "", "plural", "young", "sound", "home", "food")
    return [[{**variant, "plural": variant.get("plural", variant[""])} for variant in entry] for entry in table]


def _having(entries: list[Entry], attribute: str) -> list[Entry]:
    return [entry for entry in entries if attribute in entry[0]]


_ANIMALS = _animals()
_ACTIONS = _table(LISTS["ACTIONS"], "", "past", "ing", "how")

KINDS: dict[str, list[Entry]] = {
    "hero": _children(),
    "friend": _children(),
    "person": _gendered(LISTS["PEOPLE"]),
    "kin": _gendered(LISTS["KIN"]),
    "heir": _gendered(LISTS["HEIRS"]),
    "worker": _workers(),
    "animal": _ANIMALS,
    "parent": _having(_ANIMALS, "young"),
    "singer": _having(_ANIMALS, "sound"),
    "dweller": _having(_ANIMALS, "home"),
    "food": _table(LISTS["FOODS"], "", "plural", "with"),
    "dish": _plain(LISTS["DISHES"]),
    "drink": _plain(LISTS["DRINKS"]),
    "plant": _table(LISTS["PLANTS"], "", "plural", "look"),
    "month": _table(LISTS["MONTHS"], "", "weather"),
    "place": _plain(LISTS["PLACES"]),
    "clothes": _plain(LISTS["CLOTHES"]),
    "body": _plain(LISTS["BODY"]),
    "joy": _plain(LISTS["JOYS"]),
    "woe": _plain(LISTS["WOES"]),
    "manner": _table(LISTS["MANNERS"], "", "adverb", "deed"),
    "say": _plain(LISTS["SPEECH"]),
    "ask": _plain(LISTS["QUESTIONS"]),
    "toy": _table(LISTS["TOYS"], "", "plural", "look"),
    "tool": _table(LISTS["TOOLS"], "", "plural", "use"),
    "vehicle": _table(LISTS["VEHICLES"], "", "plural", "look"),
    "treasure": _table(LISTS["TREASURES"], "", "plural", "look"),
    "furniture": _plain(LISTS["FURNITURE"]),
    "room": _plain(LISTS["ROOMS"]),
    "container": _plain(LISTS["CONTAINERS"]),
    "colour": _plain(LISTS["COLOURS"]),
    "material": _plain(LISTS["STUFF"] + " " + LISTS["CLOTH"]),
    "cloth": _plain(LISTS["CLOTH"]),
    "stuff": _plain(LISTS["STUFF"]),
    "instrument": _plain(LISTS["INSTRUMENTS"]),
    "game": _plain(LISTS["GAMES"]),
    "number": _plain(LISTS["NUMBERS"]),
    "day": _plain(LISTS["DAYS"]),
    "trouble": _table(LISTS["TROUBLES"], "", "mended", "of"),
    "act": _ACTIONS,
    "romp": [entry for entry in _ACTIONS if entry[0][""] in LISTS["ROMPS"].split()],
    "quality": _table(LISTS["QUALITIES"], "", "more", "most", "of"),
}

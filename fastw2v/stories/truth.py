"""The ground truth of the stories: the words that belong together, and the pairs that differ in the same way.

Read off the very lists the stories are drawn from (`words.py`). All words are lower-case and made of letters
only, as a lower-casing word tokeniser gives them, and no word is in two classes.
"""

from __future__ import annotations

from typing import TypeAlias

from fastw2v.stories.words import KINDS, LISTS

Analogy: TypeAlias = tuple[str, str, str, str]

# Each pair asks about this many others, so that long lists do not outvote the short ones by their square.
PARTNERS = 10

# class: the (kind, attribute) it is made of
_CLASSES: dict[str, tuple[tuple[str, str], ...]] = {
    "animals": (("animal", ""),),
    "animals, plural": (("animal", "plural"),),
    "young animals": (("animal", "young"),),
    "animal homes": (("animal", "home"),),
    "animal sounds": (("animal", "sound"),),
    "foods": (("food", ""),),
    "foods, plural": (("food", "plural"),),
    "dishes": (("dish", ""),),
    "drinks": (("drink", ""),),
    "plants": (("plant", ""),),
    "plants, plural": (("plant", "plural"),),
    "months": (("month", ""),),
    "weather": (("month", "weather"),),
    "places": (("place", ""), ("worker", "place")),
    "people": (("person", ""),),
    "family": (("kin", ""), ("heir", "")),
    "jobs": (("worker", ""),),
    "clothes": (("clothes", ""),),
    "body": (("body", ""),),
    "feelings": (("joy", ""), ("woe", "")),
    "manners": (("manner", ""),),
    "manners, adverbs": (("manner", "adverb"),),
    "speech": (("say", ""), ("ask", "")),
    "toys": (("toy", ""),),
    "toys, plural": (("toy", "plural"),),
    "tools": (("tool", ""),),
    "tools, plural": (("tool", "plural"),),
    "vehicles": (("vehicle", ""),),
    "vehicles, plural": (("vehicle", "plural"),),
    "treasures": (("treasure", ""),),
    "treasures, plural": (("treasure", "plural"),),
    "furniture": (("furniture", ""),),
    "rooms": (("room", ""),),
    "containers": (("container", ""),),
    "colours": (("colour", ""),),
    "materials": (("material", ""),),
    "instruments": (("instrument", ""),),
    "games": (("game", ""),),
    "numbers": (("number", ""),),
    "days": (("day", ""),),
    "troubles": (("trouble", ""),),
    "troubles, opposites": (("trouble", "mended"),),
    "actions": (("act", ""),),
    "actions, past": (("act", "past"),),
    "actions, ing": (("act", "ing"),),
    "qualities": (("quality", ""),),
    "qualities, more": (("quality", "more"),),
    "qualities, most": (("quality", "most"),),
}

# section: kind, the attributes of the two words of a pair
_PAIRS: dict[str, tuple[str, str, str]] = {
    "animal to young": ("animal", "", "young"),
    "animal to sound": ("animal", "", "sound"),
    "animal to home": ("animal", "", "home"),
    "job to place": ("worker", "", "place"),
    "animal to animals": ("animal", "", "plural"),
    "food to foods": ("food", "", "plural"),
    "plant to plants": ("plant", "", "plural"),
    "toy to toys": ("toy", "", "plural"),
    "tool to tools": ("tool", "", "plural"),
    "vehicle to vehicles": ("vehicle", "", "plural"),
    "treasure to treasures": ("treasure", "", "plural"),
    "action to past": ("act", "", "past"),
    "action to ing": ("act", "", "ing"),
    "quality to more": ("quality", "", "more"),
    "quality to most": ("quality", "", "most"),
    "manner to adverb": ("manner", "", "adverb"),
    "trouble to opposite": ("trouble", "", "mended"),
}


def word_classes() -> dict[str, tuple[str, ...]]:
    """Class name -> its words. No word stands in two classes."""
    classes = {name: _words(sources) for name, sources in _CLASSES.items()}
    classes["boys"] = tuple(LISTS["BOYS"].lower().split())
    classes["girls"] = tuple(LISTS["GIRLS"].lower().split())
    return classes


def analogies() -> dict[str, list[Analogy]]:
    """Section -> questions (a, b, c, d): a is to b as c is to d, where d is the word to find.

    Each pair (a, b) of a section meets the `PARTNERS` pairs that follow it, round to the beginning.
    """
    pairs = {
        "man to woman": _couples("person"),
        "family, man to woman": _couples("kin") + _couples("heir"),
        **{section: _pairs(*source) for section, source in _PAIRS.items()},
    }
    return {section: _questions(found) for section, found in pairs.items()}


def _words(sources: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The words of all variants, in list order, each once; a plural like its singular is left out."""
    found: dict[str, None] = {}
    for kind, attribute in sources:
        for entry in KINDS[kind]:
            for variant in entry:
                if attribute in variant and (attribute != "plural" or variant["plural"] != variant[""]):
                    found[variant[attribute].lower()] = None
    return tuple(found)


def _couples(kind: str) -> list[tuple[str, str]]:
    """Men and the women that follow them in the list."""
    words = [entry[0][""] for entry in KINDS[kind]]
    return list(zip(words[::2], words[1::2], strict=True))


def _pairs(kind: str, first: str, second: str) -> list[tuple[str, str]]:
    """The two words of each entry that has both, unless they are the same."""
    variants = [entry[0] for entry in KINDS[kind]]
    return [(v[first], v[second]) for v in variants if second in v and v[first] != v[second]]


def _questions(pairs: list[tuple[str, str]]) -> list[Analogy]:
    return [
        (*pair, *pairs[(i + step) % len(pairs)])
        for i, pair in enumerate(pairs)
        for step in range(1, min(PARTNERS, len(pairs) - 1) + 1)
    ]

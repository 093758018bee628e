"""Built-in stories: a seeded generator of small children's stories, and the truth about their words.

The corpus that `fastw2v train` uses when given none, and that tests and benchmarks use at any size. Grammar and word
lists are the project's own. The same seed gives the same text on any machine: the only source of chance is
`random.Random(seed).random()`, which Python keeps stable between versions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from fastw2v.stories.grammar import tell

DEFAULT_WORDS = 2_000_000


def generate(words: int | None = DEFAULT_WORDS, seed: int = 1) -> Iterator[str]:
    """Stories, one string each without line breaks, until they hold `words` words or more (None: endless).

    A shorter corpus is the beginning of a longer one of the same seed. Words are what stands between spaces,
    which is also what a word tokeniser finds here: the stories hold no hyphens and no free-standing signs.
    """
    draw = random.Random(seed).random
    told = 0
    while words is None or told < words:
        story = tell(draw)
        told += story.count(" ") + 1
        yield story

"""Stop words: English function words, or a user's file."""

from __future__ import annotations

import difflib
import itertools
import os

from fastw2v.errors import DataError, UsageError
from fastw2v.messages.callers import given
from fastw2v.text.decoding import blocks_of, decode
from fastw2v.text.sources import find_sources
from fastw2v.text.tokenise import Tokeniser, tokeniser
from fastw2v.text.transcoding import Decoding, UndecodableError

_NAMES = ("english", "none")
# In lower case and with straight apostrophes, as the `words` tokeniser gives them.
ENGLISH_BY_KIND = {
    "articles and demonstratives": "a an the this that these those",
    "personal pronouns": "i me you he him she her it we us they them",
    "possessives": "my mine your yours his hers its our ours their theirs",
    "reflexives": "myself yourself himself herself itself ourselves yourselves themselves",
    "relatives and interrogatives": "who whom whose which what where when why how",
    "quantifiers": "all any both each either every few more most neither no none other some such",
    "prepositions": (
        "about above across after against along among around at before behind below beneath beside between "
        "beyond by down during for from in into of off on onto out over past since through to toward towards "
        "under until up upon with within without"
    ),
    "conjunctions": "and although as because but if nor or so than though unless whether while yet",
    "auxiliaries": (
        "am is are was were be been being have has had having do does did doing "
        "can could may might must shall should will would"
    ),
    "adverbs of grammar": "again also here just not only own same then there too very",
    "contractions with not": (
        "aren't can't cannot couldn't didn't doesn't don't hadn't hasn't haven't isn't mustn't shouldn't "
        "wasn't weren't won't wouldn't"
    ),
    "contractions with a verb": (
        "i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll "
        "we're we've we'd we'll they're they've they'd they'll that's there's here's what's who's let's"
    ),
}
ENGLISH = frozenset(" ".join(ENGLISH_BY_KIND.values()).split())


def load_stop_words(choice: str | os.PathLike[str], tokenizer: str | Tokeniser = "words") -> frozenset[str]:
    """`english`, `none`, or the words of a UTF-8 file: one a line, with blank lines and `#` comments.

    A file's words are tokenised like the text, so that `Don’t` leaves out `don't`. The English list is in
    lower case.

    Raises:
        UsageError: there is no such file.
        DataError: the file is not UTF-8 text, has no words, or has a line that is not one token.
    """
    if choice == "none":
        return frozenset()
    if choice == "english":
        return ENGLISH
    return _read(choice, tokeniser(tokenizer))


def _read(path: str | os.PathLike[str], tokenise: Tokeniser) -> frozenset[str]:
    if os.path.isdir(path):  # noqa: PTH112 (also takes "-")
        raise UsageError(f"stop_words must be english, none or a file. Got the directory {os.fspath(path)!r}.")
    meant = difflib.get_close_matches(os.fspath(path).lower(), _NAMES, n=1)
    if meant and not os.path.exists(path):  # noqa: PTH110 (also takes "-")
        raise UsageError(
            f"stop_words must be english, none or a file. Got {os.fspath(path)!r}, which is no file; "
            f"did you mean {given('stop_words', meant[0])}?"
        )
    try:
        sources = find_sources([path])
    except UsageError as error:
        raise UsageError(f"{error} stop_words is english, none or a file.") from None
    blocks = itertools.chain.from_iterable(blocks_of(source, Decoding()) for source in sources)
    try:
        text = "".join(chunk.text for chunk in decode(blocks, marked=False, how=Decoding()))
    except UndecodableError as error:
        # The encoding given is that of the corpus.
        raise DataError(f"{error.what}; stop words are read as UTF-8, convert the file.") from None
    found = set()
    for number, line in enumerate(text.split("\n"), start=1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        tokens = tokenise(word)
        if len(tokens) != 1:
            raise DataError(
                f"{sources[0].name}, line {number}: a stop word must be one token. Got {word!r:.60}, which is "
                f"{len(tokens)}; write one a line."
            )
        found.add(tokens[0])
    if not found:
        raise DataError(
            f"{sources[0].name}: has no stop words; write one a line, or use {given('stop_words', 'none')}."
        )
    return frozenset(found)

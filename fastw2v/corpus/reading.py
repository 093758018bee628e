"""Read whatever a user calls a corpus into an encoded one: text, stories, token lists, encoded text.

Joins the rooms text and encoding for whoever needs a corpus. Vocabulary settings are not applied here.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from fastw2v.corpus import store
from fastw2v.corpus.cache import Cache
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.encoder import encode_items, encode_pieces
from fastw2v.corpus.recorded import paths_of
from fastw2v.corpus.sinks import FileSink, MemorySink
from fastw2v.corpus.snapshot import Snapshot
from fastw2v.errors import UsageError
from fastw2v.messages.callers import given
from fastw2v.settings import READING, Settings
from fastw2v.system.threads import processors
from fastw2v.text import TOKENISERS, Corpus, ItemCorpus, StoriesCorpus, TextCorpus, open_corpus, tokenise
from fastw2v.text.notes import said
from fastw2v.text.unsegmented import SEGMENTERS, mostly_unsegmented

logger = logging.getLogger(__name__)

Text = TextCorpus | StoriesCorpus
# Bytes of text from which compiled code reads faster: to load it takes 0.15 s, in which its plain twin reads megabytes.
COMPILED_FROM = 1_000_000
# Blocks of a corpus that are looked at for words that are none, and tokens in each.
_LOOKED_AT = 64
# Called with the corpus and the tokens read so far.
Watch = Callable[[Corpus, int], None]


def read(
    corpus: Any,
    settings: Settings,
    watch: Watch | None = None,
    most_tokens: int | None = None,
    cache: Cache | None = None,
) -> tuple[EncodedCorpus, dict[str, Any]]:
    """Read a corpus; return it as numbers, and what a model records of it; `paths` there are absolute.

    Reading ends with the document that reaches `most_tokens`. With a cache, text is encoded on disk, once.
    For `corpus` see `text.open_corpus`; the directory of an encoded corpus is one too.
    """
    encoded, description = _read(corpus, settings, watch, most_tokens, cache)
    _warn(encoded, description)
    return encoded, description


def _read(
    corpus: Any, settings: Settings, watch: Watch | None, most_tokens: int | None, cache: Cache | None
) -> tuple[EncodedCorpus, dict[str, Any]]:
    """See `read`."""
    if isinstance(corpus, list | tuple) and len(corpus) == 1:
        (corpus,) = corpus if isinstance(corpus[0], str | os.PathLike) else (corpus,)
    encoded = _encoded_before(corpus, settings)
    if encoded is not None:
        lies = {"files": {"sha256": encoded.manifest["sha256"]}, "paths": paths_of(corpus)}
        return _beginning(encoded.corpus, most_tokens), {**_description(encoded, os.fspath(corpus)), **lies}
    opened = _opened(corpus, settings)
    if isinstance(opened, ItemCorpus):
        items = _watched(opened, watch, most_tokens)
        return encode_items(items, settings.max_vocab_size), {**opened.describe(), "name": opened.name}
    before, lies = _looked_at(corpus, opened, settings, watch, most_tokens, cache)
    if cache is not None and before is not None and isinstance(opened, TextCorpus):
        text, seen = opened, before
        stored = cache.get(text, settings, seen, lambda: _fill(text, settings, watch, seen))
        if stored is not None:
            return stored.corpus, {**_description(stored, text.name), **lies}
    sink = MemorySink()
    words, _ = encode_pieces(_until(opened, sink, most_tokens), opened.tokenizer, sink, **_how(opened, settings, watch))
    whole = EncodedCorpus(*sink.arrays(len(words)), words)
    return _beginning(whole, most_tokens), {**_described(opened, len(whole.offsets) - 1), "name": opened.name, **lies}


def _looked_at(
    corpus: Any, opened: Text, settings: Settings, watch: Watch | None, most_tokens: int | None, cache: Cache | None
) -> tuple[Snapshot | None, dict[str, Any]]:
    """Return the files as they are before they are read, and where they lie and what they hold, for the record."""
    # How a corpus is read that was given open is not in the settings, which the cache's key is made of.
    if most_tokens is not None or not isinstance(opened, TextCorpus) or opened is corpus:
        return None, {}
    paths = paths_of(corpus)
    # A file of which only the beginning is read is not hashed for the record alone.
    if cache is None and (not paths or settings.limit is not None):
        return None, {}
    before = _snapshot(opened, watch)
    return before, {"files": before.summary(), "paths": paths} if before is not None and paths else {}


def encode_text(
    corpus: Any, settings: Settings, output: str | os.PathLike[str], watch: Watch | None = None, overwrite: bool = False
) -> store.StoredCorpus:
    """Encode text, or the built-in stories (None), to a directory that `fit` and `train` take in place of text.

    `TextCorpus(paths, tokenizer=function)` as corpus brings a tokeniser of one's own.

    Examples:
        >>> from fastw2v import Settings, Word2Vec, encode_text
        >>> encoded = encode_text("corpus.txt", Settings(), "encoded")
        >>> model = Word2Vec(vector_size=8, epochs=1).fit("encoded")

    Raises:
        UsageError: the corpus is not text, or the directory may not be written; see `store.write`.
        DataError: see `text.open_corpus` and `store.write`; also where a file changed while it was read.
    """
    store.check_output(output, overwrite)
    opened = _opened(corpus, settings)
    if isinstance(opened, ItemCorpus):
        raise UsageError("Token lists cannot be encoded to disk; write them to a file, one document a line.")
    before = _snapshot(opened, watch) if isinstance(opened, TextCorpus) else None
    stored = store.write(output, _fill(opened, settings, watch, before), overwrite)
    _warn(stored.corpus, stored.manifest["text"])
    return stored


def _opened(corpus: Any, settings: Settings) -> Text | ItemCorpus:
    for path in corpus if isinstance(corpus, list | tuple) else [corpus]:
        if isinstance(path, str | os.PathLike) and store.holds_corpus(path):
            raise UsageError(
                f"{os.fspath(path)} is an encoded corpus, not text; `fastw2v train` takes it, and only it."
            )
    return cast("Text | ItemCorpus", open_with(corpus, settings))


def open_with(corpus: Any, settings: Settings) -> Corpus:
    """Open a corpus as these settings have it read; see `text.open_corpus`."""
    return open_corpus(
        corpus,
        documents=settings.documents,
        limit=settings.limit,
        encoding_errors=settings.encoding_errors,
        tokenizer=settings.tokenizer,
        field=settings.field,
        encoding=settings.encoding,
    )


def _snapshot(opened: TextCorpus, watch: Watch | None) -> Snapshot | None:
    # To hash files takes a second for each gigabyte, and longer from a slow disk: that something is done shows before.
    if watch:
        watch(opened, 0)
    return Snapshot.of(opened.sources)


def _fill(opened: Text, settings: Settings, watch: Watch | None, before: Snapshot | None) -> store.Fill:
    """Return what encodes a corpus into a file sink; `before`: its files, which must not change meanwhile."""

    def fill(sink: FileSink) -> tuple[Sequence[str], Any, dict[str, Any]]:
        words, counts = encode_pieces(opened.pieces(), opened.tokenizer, sink, **_how(opened, settings, watch))
        if before is not None:
            before.check_unchanged()
        about = {
            "text": {**_described(opened, sink.documents), "name": Path(opened.name).name},
            "max_vocab_size": settings.max_vocab_size,
            "tokenizer_version": tokenise.VERSION,
            "sources": [] if before is None else before.as_list(),
        }
        return words, counts, about

    return fill


def _how(opened: Corpus, settings: Settings, watch: Watch | None) -> dict[str, Any]:
    return {
        "workers": min(settings.workers, processors()),
        "max_vocab_size": settings.max_vocab_size,
        "watch": None if watch is None else (lambda tokens: watch(opened, tokens)),
        "compiled": opened.total_bytes is None or opened.total_bytes >= COMPILED_FROM,
    }


def _encoded_before(corpus: Any, settings: Settings) -> store.StoredCorpus | None:
    """Open the corpus if it is the directory of an encoded one."""
    if not isinstance(corpus, str | os.PathLike) or not store.holds_corpus(corpus):
        return None
    stored = store.open_corpus(corpus)
    for name in READING:
        asked, default = getattr(settings, name), getattr(Settings(), name)
        made = stored.manifest["text"].get(name) if name != "max_vocab_size" else stored.manifest[name]
        if asked not in (default, made):
            raise UsageError(
                f"{name} is part of how {corpus} was encoded ({made!r}). Got {asked!r}; encode the text again for that."
            )
    _warn_of_version(stored.manifest, corpus)
    return stored


def _warn(encoded: EncodedCorpus, description: dict[str, Any]) -> None:
    """Say what is to be said of a corpus, each time it is read or its numbers are used again."""
    for note in description.get("notes", []):
        logger.warning("%s", said(note))
    if description["source"] == "items" and "" in encoded.items:
        logger.warning("the empty text '' is a word of these token lists; text.split() gives none")
    _warn_of_runs(encoded, description)


def _warn_of_runs(encoded: EncodedCorpus, description: dict[str, Any]) -> None:
    """Warn of text whose words are not separated; judged by blocks all over it."""
    tokenizer = description.get("tokenizer")
    if tokenizer not in TOKENISERS:
        return
    starts = np.linspace(0, max(0, encoded.tokens - _LOOKED_AT), _LOOKED_AT).astype(np.int64)
    ids = np.concatenate([encoded.ids[start : start + _LOOKED_AT] for start in np.unique(starts)])
    run = mostly_unsegmented(str(encoded.items[i]) for i in ids.tolist() if i < len(encoded.items))
    if run is not None:
        then = "" if tokenizer == "whitespace" else f", then train with {given('tokenizer', 'whitespace')}"
        logger.warning(
            "%s: most words are long runs of letters such as %.20s, where the script has no spaces between words; cut "
            "the text with a segmenter (%s)%s",
            *(description["name"], run, SEGMENTERS, then),
        )


def _warn_of_version(manifest: dict[str, Any], directory: str | os.PathLike[str]) -> None:
    version = manifest.get("tokenizer_version", 1)
    if manifest["text"].get("tokenizer") == "words" and version != tokenise.VERSION:
        logger.warning(
            "%s was encoded with version %.20r of the tokenizer words, and is used as it is; version %d, of this "
            "fastw2v, cuts some words otherwise, and `fastw2v encode` would encode the text anew",
            *(directory, version, tokenise.VERSION),
        )


def _description(stored: store.StoredCorpus, name: str) -> dict[str, Any]:
    return {**stored.manifest["text"], "name": name}


def _described(opened: Text, documents: int) -> dict[str, Any]:
    """Return what is recorded of a text just read: how, and in `notes` what is to be said of it, if anything is."""
    notes = opened.recorded_notes(documents) if isinstance(opened, TextCorpus) else []
    return {**opened.describe(), **({"notes": notes} if notes else {})}


def _watched(opened: ItemCorpus, watch: Watch | None, most_tokens: int | None) -> Iterator[Sequence[Hashable]]:
    tokens = 0
    for document in opened:
        yield document
        tokens += len(document)
        if watch:
            watch(opened, tokens)
        if most_tokens is not None and tokens >= most_tokens:
            return


def _until(opened: Text, sink: MemorySink, most_tokens: int | None) -> Iterator[bytes]:
    """Yield pieces until the sink has enough."""
    pieces = opened.pieces()
    if most_tokens is None:
        return pieces
    return itertools.takewhile(lambda _: sink.tokens < most_tokens, pieces)


def _beginning(corpus: EncodedCorpus, most_tokens: int | None) -> EncodedCorpus:
    """Return the documents up to the one that reaches so many tokens, with the words in them."""
    if most_tokens is None or corpus.tokens <= most_tokens:
        return corpus
    end = int(np.searchsorted(corpus.offsets, most_tokens))
    ids = corpus.ids[: corpus.offsets[end]]
    # Words are numbered in order of first appearance.
    return EncodedCorpus(ids, corpus.offsets[: end + 1], corpus.items[: int(ids.max()) + 1])

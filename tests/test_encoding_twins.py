"""Compiled and plain code cut and number text alike: by the tokenisers' definition, wherever text is cut, by any number
of workers, and with words forgotten on the way."""

from __future__ import annotations

import collections
import itertools
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import encoder, numba_twin, scan_kernels, sinks
from fastw2v.corpus.char_classes import characters
from fastw2v.corpus.encoder import encode_pieces
from fastw2v.corpus.interfaces import NO_WORD, Ids, Numbered
from fastw2v.corpus.numba_twin import CompiledLexicon, CompiledScanner
from fastw2v.corpus.python_twin import PlainLexicon, PlainScanner
from fastw2v.corpus.sinks import FileSink, MemorySink
from fastw2v.errors import DataError
from fastw2v.jit.compiler import jit
from fastw2v.text import TextCorpus
from fastw2v.text.tokenise import TOKENISERS, Tokeniser

TOKENIZERS = pytest.mark.parametrize("tokenizer", sorted(TOKENISERS))

# What a tokeniser may trip over, alone and side by side.
INTERESTING = (
    *'abzABZ019_-.,!?"@[`{/:~ \n\r\t\x0b\x0c\x1c\x1d\x1e\x1f\x01\x7f\0',
    *("'", "\u2019", "\u02bc", "''", "'\u2019", "\u2018", "\u201c", "\u2026", "\u00b7", "\u2014"),
    # Accents, in both spellings; marks that fold, reorder or stand alone.
    *("e\u0301", "E\u0301", "\u00e9", "\u00c9", "\u0301", "\u0323", "q\u0307\u0323", "\u0345", "\u0338", "\u20dd"),
    # Lower case that is longer, shorter, several characters, or depends on what stands around.
    *("\u03a3", "\u03c3", "\u03c2", "\u0130", "\u0131", "\u212a", "\u212b", "\u2126", "\u023a", "\u2c65", "\u1e9e"),
    *("\u00df", "\ufb01", "\u01c4", "\u01c5", "\u01c6", "\u1f88", "\u1fbc", "\u0149", "\u01f0", "\u0390", "\u1fd3"),
    # Jamo, syllables, CJK, Thai, Indic, Arabic; compatibility characters that NFC replaces.
    *("\u1100", "\u1161", "\u11a8", "\uac00", "\uac01", "\u6f22", "\u5b57", "\uf900", "\u0e01", "\u0e33", "\u0e49"),
    *("\u0915\u093c", "\u0958", "\u0627\u0654", "\u0623", "\u1fef", "\u037e", "\u0374", "\u2000", "\u0663", "\u00bd"),
    # Astral: capitals, marks, digits, emoji with joiners and modifiers, composing pairs.
    *("\U00010400", "\U0001d400", "\U0001d15e", "\U0001d7d8", "\U0001f600", "\U0001f468\u200d\U0001f469", "\U0001f3fd"),
    *("\U00011099\U000110ba", "\U00020000", "\U000e0100", "\ufe0f", "\u200d", "\u200c", "\u00ad", "\ufeff", "\ufffd"),
    # Words with joiners, and what is dropped or separates beside them.
    *(
        "ශ්\u200dරී",
        "র\u200d্যাব",
        "می\u200cروم",
        "അവന്\u200d",
        "infor\u00admation",
        "\u2060",
        "\u200b",
        "\u200f",
        "i\u0307",
    ),
    *("\u00a0", "\u2028", "\u2029", "\u0085", "\u3000", "\u1680", "\u180e", "\uffff", "\ue000", "\ud7ff"),
    # Words as long as what is loaded at a time, and around that.
    *("sevenab", "eightabc", "ninewords", "fifteen15letter", "sixteenletters16", "seventeenletters7", "Zz" * 2500),
)
STRANGE = st.lists(st.sampled_from(INTERESTING), max_size=40).map("".join)
ANY = st.text(max_size=30)
TEXTS = st.lists(STRANGE | ANY.filter(lambda text: not has_surrogates(text)), max_size=4).map("".join)

Result = tuple[list[list[str]], list[str], list[int]]


def has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def documents_of(sink: MemorySink, words: Sequence[str]) -> list[list[str]]:
    ids, offsets = sink.arrays(len(words))
    named = [*words, "(forgotten)"]
    return [[named[i] for i in part] for part in np.split(ids, offsets[1:-1])]


def utf8(pieces: Iterable[str | bytes]) -> Iterator[bytes]:
    """Pieces as encoding takes them; tests write some as text."""
    return (piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)


def encoded(pieces: Iterable[str | bytes], tokenizer: str | Tokeniser, **how: Any) -> Result:
    """Return documents, words and counts; nothing where there is no token."""
    sink = MemorySink()
    try:
        words, counts = encode_pieces(utf8(pieces), tokenizer, sink, **how)
    except DataError:
        return [], [], []
    return documents_of(sink, words), words, counts.tolist()


def by_definition(text: str, tokenise: Tokeniser) -> Result:
    documents = [tokens for document in text.split("\0") if (tokens := tokenise(document))]
    counts = collections.Counter(itertools.chain.from_iterable(documents))
    return documents, list(counts), list(counts.values())


def scanned_alike(pieces: Sequence[str | bytes], tokenizer: str) -> None:
    """Hold compiled against plain, piece by piece: ids, ends, words and counts."""
    tables = characters(tokenizer)
    assert tables is not None
    fast, slow = CompiledScanner(tables), PlainScanner(TOKENISERS[tokenizer])
    fast_lexicon, slow_lexicon = CompiledLexicon(TOKENISERS[tokenizer]), PlainLexicon()
    for piece in utf8(pieces):
        ids, ends = fast_lexicon.number(fast.scan(piece))
        expected_ids, expected_ends = slow_lexicon.number(slow.scan(piece))
        assert ids.tolist() == expected_ids.tolist(), piece
        assert ends.tolist() == expected_ends.tolist(), piece
        assert (ids.dtype, ends.dtype) == (expected_ids.dtype, expected_ends.dtype)
    assert fast_lexicon.words() == slow_lexicon.words()
    assert fast_lexicon.counts.tolist() == slow_lexicon.counts.tolist()
    assert len(fast_lexicon) == len(slow_lexicon)


# ------------------------------------------------------------------------------------------------- by definition


@TOKENIZERS
@settings(deadline=None, max_examples=400)
@given(text=TEXTS)
def test_any_text_gives_the_definition_s_words(tokenizer: str, text: str) -> None:
    assert encoded([text], tokenizer) == by_definition(text, TOKENISERS[tokenizer])
    scanned_alike([text], tokenizer)


@TOKENIZERS
@settings(deadline=None, max_examples=100)
@given(text=TEXTS, shift=st.integers(0, 140))
def test_where_a_word_lies_in_memory_changes_nothing(tokenizer: str, text: str, shift: int) -> None:
    shifted = " " * shift + text + "\0" + "x" * shift + " " + text
    assert encoded([shifted], tokenizer) == by_definition(shifted, TOKENISERS[tokenizer])


@TOKENIZERS
@pytest.mark.parametrize("around", ["{}", "a{}b", "A{}", "{}B", "e{}'x", "\u03a9{}\u0301", "seven77{}", "eight888{}"])
def test_every_character_is_what_the_definition_says(tokenizer: str, around: str) -> None:
    # Lines, so that one that is cut wrongly shows itself; surrogates are no text.
    codes = [*range(1, 0xD800), *range(0xE000, 0x10000), *range(0x10000, sys.maxunicode + 1, 251)]
    text = "\0".join(around.format(chr(code)) for code in codes)
    found, expected = encoded([text], tokenizer), by_definition(text, TOKENISERS[tokenizer])
    assert found[0] == expected[0]
    assert found[1:] == expected[1:]


def test_joiners_and_what_is_dropped_at_the_borders_of_the_blocks_that_are_looked_at_together() -> None:
    # Each word at each place of the 64 bytes, and cut from the next piece after a space or the end of a document.
    words = [
        "ශ්\u200dරී",
        "র\u200d্যাব",
        "می\u200cروم",
        "അവന്\u200d",
        "infor\u00admation",
        "İstanbul",
        "\u00ad'a\u200d'\u2060b\u200c",
    ]
    lines = [f"{'x' * shift} {word} {word}{end}" for word in words for shift in range(66) for end in " \0"]
    text = "".join(lines)
    expected = by_definition(text, TOKENISERS["words"])
    assert encoded([text], "words") == encoded(lines, "words") == expected
    assert {word for word in expected[1] if not word.startswith("x")} == {
        *words[:4], "information", "istanbul", "a\u200d'b\u200c"
    }  # fmt: skip
    scanned_alike(lines, "words")


def test_every_pair_that_unicode_composes_is_one_word_s_beginning_or_none() -> None:
    pairs = [
        chr(code) for code in range(sys.maxunicode + 1)
        if len(unicodedata.decomposition(chr(code)).split()) == 2 and "<" not in unicodedata.decomposition(chr(code))
    ]  # fmt: skip
    assert len(pairs) > 900
    text = "\0".join(before + unicodedata.normalize("NFD", pair) + "z" for pair in pairs for before in ("", "Y"))
    assert encoded([text], "words") == by_definition(text, TOKENISERS["words"])


def test_every_syllable_of_hangul_is_the_same_word_in_its_letters() -> None:
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4)]
    text = "\0".join(syllables + [unicodedata.normalize("NFD", syllable) for syllable in syllables])
    documents, words, counts = encoded([text], "words")
    assert words == syllables
    assert set(counts) == {2}
    assert documents == [[syllable] for syllable in syllables * 2]


def test_invalid_bytes_line_ends_and_a_byte_order_mark_in_a_file_give_the_slow_twin_s_documents(
    tmp_path: Path,
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbfAn \xff\xfeword caf\xc3\xa9\r\n\r\ncafe\xcc\x81 \xe2\x80\x9cdon\xe2\x80\x99t\x00\rx")
    corpus = TextCorpus([path], encoding_errors="replace")
    expected = [document for document in corpus if document]
    assert encoded(corpus.pieces(), "words")[0] == expected
    assert expected == [["an", "word", "café"], ["café", "don't", "x"]]


# -------------------------------------------------------------------------------------------------- where it is cut


@TOKENIZERS
@settings(deadline=None, max_examples=200)
@given(text=TEXTS, data=st.data())
def test_text_cut_at_white_space_or_document_ends_anywhere_gives_the_same_ids(
    tokenizer: str, text: str, data: st.DataObject
) -> None:
    places = [i + 1 for i, character in enumerate(text) if character.isspace() or character == "\0"]
    cuts = sorted(data.draw(st.sets(st.sampled_from(places)))) if places else []
    pieces = [text[low:high] for low, high in itertools.pairwise([0, *cuts, len(text)])]
    whole = encoded([text], tokenizer)
    assert encoded(pieces, tokenizer) == whole
    assert encoded(pieces, tokenizer, workers=3) == whole
    scanned_alike(pieces, tokenizer)


def test_no_pieces_and_pieces_without_tokens_are_refused_by_name() -> None:
    for pieces in ([], [""], ["\0\0"], ["'' \0 --", "\u0301"]):
        with pytest.raises(DataError, match="holds no token"):
            encode_pieces(utf8(pieces), "words", MemorySink())


# ---------------------------------------------------------------------------------------------------------- growth


def test_tables_grow_with_different_words_in_a_piece_and_over_pieces() -> None:
    # More than the smallest table of a piece, and than the smallest lexicon; of all lengths.
    names = [f"w{number:x}" + "x" * (number % 23) for number in range(60_000)]
    pieces = [" ".join(names[low : low + 9_000]) + "\0" for low in range(0, len(names), 9_000)]
    # Back again: nothing new, and what grew is still found.
    pieces += [" ".join(reversed(names)) + "\0"]
    for tokenizer in TOKENISERS:
        scanned_alike(pieces, tokenizer)
    _, words, counts = encoded(pieces, "words")
    assert words == names
    assert counts == [2] * len(names)


def test_a_piece_much_longer_than_those_before_has_room() -> None:
    pieces = ["a\0", "\u023a" * 70_000 + " " + "b c " * 50_000 + "\0", "a d\0", "e " * 300_000]
    for tokenizer in TOKENISERS:
        scanned_alike(pieces, tokenizer)


def test_runs_that_only_the_tokeniser_cuts_are_forgotten_when_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numba_twin, "_REMEMBERED", 3)
    runs = [f"e\u0301{number}" for number in range(10)]
    scanned_alike([" ".join(runs + runs[:2]) + "\0", " ".join(reversed(runs)) + "\0"], "words")


def test_words_with_the_same_hash_are_told_apart() -> None:
    # The hash of 16 bytes is that of the first 8 with the last 8 mixed in by "exclusive or": so for any two beginnings
    # there are ends that make their hashes equal, and with luck these are characters.
    one, other = next(pair for pair in map(colliding, range(1, 10_000)) if pair is not None)
    assert one != other
    first, second = (np.frombuffer(word.encode(), dtype=np.uint64) for word in (one, other))
    assert hash_of(first) == hash_of(second)
    scanned_alike([f"{one} {other} {one} {other} {other}\0", f"{other}\0", f"{other} {one}\0"], "whitespace")
    scanned_alike([f"{one}\0", f"{other}\0"], "whitespace")


@jit
def hash_of(words):  # type: ignore[no-untyped-def]
    return scan_kernels.hash_words(words, 0, len(words))


@jit
def mixed(value, word):  # type: ignore[no-untyped-def]
    return scan_kernels.mixed(value, word)


def colliding(number: int) -> tuple[str, str] | None:
    """Return two words of 16 visible characters with the same hash, which begin in a certain way; or None."""
    begins = b"aaaaaaaa", b"%08d" % number
    hashes = [int(mixed(np.uint64(2), np.frombuffer(begin, dtype=np.uint64)[0])) for begin in begins]
    between = (hashes[0] ^ hashes[1]).to_bytes(8, sys.byteorder)
    ends = [next((a for a in range(0x21, 0x7F) if 0x21 <= a ^ b < 0x7F), 0) for b in between]
    if not all(ends):
        return None
    return (begins[0] + bytes(ends)).decode(), (
        begins[1] + bytes(a ^ b for a, b in zip(ends, between, strict=True))
    ).decode()


# ---------------------------------------------------------------------------------------------------- whole files


@pytest.mark.parametrize("name", ["tinystories.txt", "wiki.txt"])
@TOKENIZERS
def test_a_real_text_gives_the_slow_twin_s_numbers(shared_data: Path, name: str, tokenizer: str) -> None:
    if not (shared_data / name).is_file():
        pytest.skip(f"{name} is not in {shared_data}")
    found, expected = MemorySink(), MemorySink()
    words, counts = encode_pieces(TextCorpus([shared_data / name], limit="8MB").pieces(), tokenizer, found)
    plain_words, plain_counts = encode_pieces(
        TextCorpus([shared_data / name], limit="8MB").pieces(), callable_twin(tokenizer), expected
    )
    assert words == plain_words
    assert np.array_equal(counts, plain_counts)
    for mine, other in zip(found.arrays(len(words)), expected.arrays(len(words)), strict=True):
        assert np.array_equal(mine, other)


def callable_twin(tokenizer: str) -> Tokeniser:
    """A function, of which no table is known: plain code does the work."""
    return lambda text: TOKENISERS[tokenizer](text)


# ---------------------------------------------------------------------------------------------------------- workers


@TOKENIZERS
@pytest.mark.parametrize("most_words", [None, 300])
def test_any_number_of_workers_gives_the_same_bytes(
    tokenizer: str, most_words: int | None, stories: list[str], tmp_path: Path
) -> None:
    pieces = ["\0".join(stories[low : low + 7]) + "\0" for low in range(0, len(stories), 7)] + [
        "caf\u00e9 e\u0301t\u00e9"
    ]
    results = set()
    for workers in (1, 2, 3, 4):
        ids, offsets = tmp_path / f"{workers}.ids", tmp_path / f"{workers}.offsets"
        sink = FileSink(ids, offsets)
        words, counts = encode_pieces(utf8(pieces), tokenizer, sink, workers, most_words)
        dtype = sink.finish(len(words))
        results.add((ids.read_bytes(), offsets.read_bytes(), "\n".join(words), counts.tobytes(), dtype))
    assert len(results) == 1


def test_a_piece_that_cannot_be_read_stops_all_workers_with_its_error() -> None:
    def pieces() -> Iterable[str]:
        yield from ["a b c\0"] * 5
        raise DataError("text.txt: cannot be read.")

    for workers in (1, 4):
        with pytest.raises(DataError, match="cannot be read"):
            encode_pieces(utf8(pieces()), "words", MemorySink(), workers)


def test_a_function_of_one_s_own_cuts_text_with_any_number_of_workers() -> None:
    def pairs(text: str) -> list[str]:
        return [text[i : i + 2] for i in range(0, len(text), 2)]

    expected = ([["ab", "c "], ["Ab", "ab"]], ["ab", "c ", "Ab"], [2, 1, 1])
    for workers in (1, 2):
        assert encoded(["abc \0", "Abab"], pairs, workers=workers) == expected


def test_a_tokeniser_s_error_is_the_caller_s() -> None:
    def broken(text: str) -> list[str]:
        raise RuntimeError("not today")

    for workers in (1, 2):
        with pytest.raises(RuntimeError, match="not today"):
            encode_pieces([b"a\0"] * 9, broken, MemorySink(), workers)


def test_the_watch_hears_of_the_tokens_after_each_piece() -> None:
    heard: list[int] = []
    encode_pieces([b"a b\0", b"c", b" d\0"], "words", MemorySink(), watch=heard.append)
    assert heard == [0, 2, 3, 4, 4]


# --------------------------------------------------------------------------------------------------- words forgotten


class PlainPruning:
    """What `max_vocab_size` is to do, with words for numbers: a twin in a few lines."""

    def __init__(self, pieces: Iterable[str], tokenise: Tokeniser, most: int) -> None:
        self.counts: dict[str, int] = {}
        # Each token's word and how often it had been forgotten when the token was read.
        self.tokens: list[tuple[str, int]] = []
        self.times: collections.Counter[str] = collections.Counter()
        below, self.prunings = 1, 0
        for piece in pieces:
            for word in itertools.chain.from_iterable(map(tokenise, piece.split("\0"))):
                self.counts[word] = self.counts.get(word, 0) + 1
                self.tokens.append((word, self.times[word]))
            while len(self.counts) > most:
                below, self.prunings = below + 1, self.prunings + 1
                for word in [word for word, count in self.counts.items() if count < below]:
                    del self.counts[word]
                    self.times[word] += 1

    def ids(self) -> list[int]:
        number = {word: i for i, word in enumerate(self.counts)}
        kept = [word if word in number and self.times[word] == times else None for word, times in self.tokens]
        return [len(number) if word is None else number[word] for word in kept]


def file_result(pieces: Iterable[str], tokenizer: str | Tokeniser, most: int, folder: Path) -> tuple[list[int], ...]:
    for path in folder.iterdir():
        path.unlink()
    sink = FileSink(folder / "ids", folder / "offsets")
    words, _ = encode_pieces(utf8(pieces), tokenizer, sink, max_vocab_size=most)
    dtype = sink.finish(len(words))
    ids = np.fromfile(folder / "ids", dtype=dtype.newbyteorder("<"))
    return ids.tolist(), np.fromfile(folder / "offsets", dtype="<i8").tolist()


def test_the_rarest_words_are_forgotten_as_worked_by_hand() -> None:
    # After the first piece four words, one too many: b, c and d occurred once. Then c comes again, new; e and f make
    # it four again, and what occurred fewer than three times goes: only a stays, and c's second life is over too.
    pieces = ["a b a c d\0", "c a e f\0", "f a\0"]
    for tokenizer in ("words", TOKENISERS["words"]):
        sink = MemorySink()
        words, counts = encode_pieces(utf8(pieces), tokenizer, sink, max_vocab_size=3)
        assert words == ["a", "f"]
        assert counts.tolist() == [4, 1]
        ids, offsets = sink.arrays(2)
        assert ids.tolist() == [0, 2, 0, 2, 2, 2, 0, 2, 2, 1, 0]
        assert offsets.tolist() == [0, 5, 9, 11]


WORDS = st.sampled_from([f"{letter}{'x' * size}" for letter in "abcdefghij" for size in (0, 8)])
PIECES = st.lists(st.lists(WORDS, max_size=12).map(lambda words: " ".join(words) + "\0"), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pruned")


@settings(deadline=None, max_examples=150)
@given(pieces=PIECES, most=st.integers(2, 12))
def test_forgetting_is_its_plain_twin_s_in_memory_and_in_files(pieces: list[str], most: int, pruned: Path) -> None:
    # What is always known, so that something is left.
    pieces = ["zz zz zz " * 40 + "\0", *pieces]
    expected = PlainPruning(pieces, TOKENISERS["words"], most)
    for tokenizer in ("words", TOKENISERS["words"]):
        sink = MemorySink()
        words, counts = encode_pieces(utf8(pieces), tokenizer, sink, max_vocab_size=most)
        assert dict(zip(words, counts.tolist(), strict=True)) == expected.counts
        assert words == list(expected.counts)
        ids, offsets = sink.arrays(len(words))
        assert ids.tolist() == expected.ids()
        assert file_result(pieces, tokenizer, most, pruned) == (ids.tolist(), offsets.tolist())


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_items_of_token_lists_are_forgotten_as_words_are(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "ITEMS_AT_ONCE", at_once)
    documents = [[f"w{(number * number) % 31}" for number in range(first, first + 4)] + ["zz"] for first in range(40)]
    documents[3:3] = [[]]
    size = -(-at_once // 5)
    full = [document for document in documents if document]
    pieces = ["\0".join(" ".join(document) for document in full[low : low + size]) + "\0" for low in range(0, 40, size)]
    expected = PlainPruning(pieces, str.split, 6)
    found = encoder.encode_items(documents, 6)
    assert found.items == list(expected.counts)
    assert found.ids.tolist() == expected.ids()
    assert found.offsets.tolist() == list(range(0, 201, 5))
    assert len(encoder.encode_items(documents).items) > 6


def test_many_renumberings_in_a_row_are_composed() -> None:
    pieces = [" ".join(f"w{number + 7 * piece}" for number in range(40)) + " a b\0" for piece in range(60)]
    expected = PlainPruning(pieces, TOKENISERS["words"], 45)
    assert expected.prunings > 10
    found = encoded(pieces, "words", max_vocab_size=45)
    assert found[1:] == (list(expected.counts), list(expected.counts.values()))


def test_a_renumbering_in_memory_touches_each_id_a_few_times_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    touched = 0
    original = sinks.renumbered

    def counted(ids: Ids, renumbering: Ids) -> Ids:
        nonlocal touched
        touched += len(ids)
        return original(ids, renumbering)

    monkeypatch.setattr(sinks, "renumbered", counted)
    # Each piece has 10 tokens of 10 words, which become one another in turn; word 0 is forgotten in piece 300.
    sink, turned = MemorySink(), (np.arange(10, dtype=np.int32) + 1) % 10
    for number in range(1000):
        sink.add(Numbered(np.arange(10, dtype=np.int32), np.array([10])))
        forgetting = turned.copy()
        forgetting[0] = NO_WORD if number == 300 else forgetting[0]
        sink.renumber(forgetting)
    ids, _ = sink.arrays(10)
    expected = (np.arange(10) + 1000 - np.arange(1000)[:, None]) % 10
    # Who was word 0 just before the renumbering of piece 300.
    gone = ((np.arange(10) + 300 - np.arange(1000)[:, None]) % 10 == 0) & (np.arange(1000)[:, None] <= 300)
    expected[gone] = 10
    assert ids.reshape(1000, 10).tolist() == expected.tolist()
    # Whole passes after each piece would touch 5 million.
    assert touched < 10_000 * 12 * 2


@settings(deadline=None, max_examples=100)
@given(pieces=PIECES, most=st.integers(2, 12))
def test_counts_are_exact_but_of_words_that_were_forgotten_and_came_again(pieces: list[str], most: int) -> None:
    pieces = ["zz zz zz " * 40 + "\0", *pieces]
    twin = PlainPruning(pieces, TOKENISERS["words"], most)
    true = collections.Counter(" ".join(pieces).replace("\0", " ").split())
    _, words, counts = encoded(pieces, "words", max_vocab_size=most)
    for word, count in zip(words, counts, strict=True):
        assert count == true[word] if not twin.times[word] else count < true[word]


def test_where_no_word_is_too_many_nothing_is_forgotten() -> None:
    pieces = ["a b c\0", "c b a\0"]
    assert encoded(pieces, "words", max_vocab_size=3) == encoded(pieces, "words")


def test_a_limit_that_leaves_no_word_at_all_is_named() -> None:
    with pytest.raises(DataError, match=r"max_vocab_size 2 .*all 3 "):
        encode_pieces([b"a b c\0"], "words", MemorySink(), max_vocab_size=2)


def test_what_stays_is_what_gensim_keeps_where_both_prune_at_the_same_moment() -> None:
    gensim_utils = pytest.importorskip("gensim.utils")
    counts = {"a": 5, "b": 2, "c": 1, "d": 3, "e": 1}
    vocabulary = collections.defaultdict(int, counts)
    # gensim keeps what occurred at least so often; it begins with 1, which removes nothing.
    gensim_utils.prune_vocab(vocabulary, 2)
    text = " ".join(word for word, count in counts.items() for _ in range(count)) + "\0"
    _, words, found = encoded([text], "words", max_vocab_size=4)
    assert dict(zip(words, found, strict=True)) == dict(vocabulary)


def test_a_lexicon_that_forgot_finds_what_is_left_and_numbers_on() -> None:
    tables = characters("words")
    assert tables is not None
    scanner, lexicon = CompiledScanner(tables), CompiledLexicon(TOKENISERS["words"])
    names = [f"name{'x' * (number % 19)}{number}" for number in range(5000)]
    lexicon.number(scanner.scan(" ".join(names).encode()))
    kept = np.arange(5000) % 3 == 0
    renumbered = lexicon.keep(kept)
    assert np.array_equal(renumbered[kept], np.arange(kept.sum()))
    assert set(renumbered[~kept].tolist()) == {NO_WORD}
    assert lexicon.words() == names[::3]
    again = lexicon.number(scanner.scan(" ".join(names).encode())).ids
    assert again[kept].tolist() == list(range(len(names[::3])))
    assert again[~kept].tolist() == list(range(int(kept.sum()), 5000))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.text("abc", min_size=1, max_size=2).map(lambda text: text * 8), max_size=20), st.integers(0, 12))
def test_words_that_share_places_and_beginnings_in_a_crowded_table_stay_apart(texts: list[str], cut: int) -> None:
    # A table with hardly more places than words: nearly every look-up meets another word first.
    lexicon: dict[str, int] = {}
    known_words, known_starts = np.empty(64, dtype=np.uint64), np.zeros(22, dtype=np.int64)
    known_hashes, counts = np.empty(21, dtype=np.uint64), np.zeros(21, dtype=np.int64)
    table, known = np.full(16, -1, dtype=np.int32), 0
    for part in (texts[:cut], texts[cut:]):
        items = list(dict.fromkeys(part))
        encoded_items = [item.encode() + bytes(-len(item) % 8) for item in items]
        starts = np.concatenate(([0], np.cumsum([len(item) // 8 for item in encoded_items]))).astype(np.int64)
        words = np.frombuffer(b"".join(encoded_items) + bytes(8), dtype=np.uint64)
        ids, times = (
            np.empty(len(items), dtype=np.int32),
            np.array([part.count(item) for item in items], dtype=np.int64),
        )
        known = scan_kernels.insert(
            known_words, known_starts, known_hashes, counts, table, 15, known, words, starts, times, ids
        )
        assert ids.tolist() == [lexicon.setdefault(item, len(lexicon)) for item in items]
    assert known == len(lexicon)
    assert counts[:known].tolist() == [texts.count(item) for item in lexicon]

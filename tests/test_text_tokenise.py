"""What a word is."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import Word2Vec
from fastw2v.cli.app import run
from fastw2v.errors import UsageError
from fastw2v.text.tokenise import TOKENISERS, normalise_word, tokeniser, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The CAT sat.", "the cat sat"),
        ("don't Don’t don\u02bct", "don't don't don't"),
        ("'quoted' ‘curly’ dogs' 'tis rock'n'roll a''b", "quoted curly dogs tis rock'n'roll a b"),
        ("it’s Mary’s", "it's mary's"),
        ("1990 3.14 b2b x²", "1990 3 14 b2b x²"),
        ("snake_case __init__", "snake case init"),
        ("snake_café _é_", "snake café é"),
        ("well-known e\u2013mail a/b", "well known e mail a b"),
        ("Ünïcode ΣΊΣΥΦΟΣ ЖУК", "ünïcode σίσυφος жук"),
        ("cafe\u0301 CAFE\u0301 café", "café café café"),
        ("हिन्दी में", "हिन्दी में"),
        ("İstanbul istanbul i\u0307stanbul I\u0307STANBUL DİYARBAKIR", "istanbul " * 4 + "diyarbakir"),
        ("i\u0307\u0307 i\u0307\u0301 \u1ecb\u0307", "i í \u1ecb\u0307"),
        ("漢字 かな", "漢字 かな"),
        ("❤\ufe0f 👩🏽\u200d🚀 \u0301 ok", "ok"),
        ("\U00011103\U00011127x", "\U00011103\U00011127x"),
        # Sinhala, Bengali, Malayalam with a joiner at the end, Persian, Mongolian.
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
        ("র\u200d্যাব গান, ক\u09cd\u200cষ", "র\u200d্যাব গান ক\u09cd\u200cষ"),
        ("അവന്\u200d, അവന്", "അവന്\u200d അവന്"),
        ("می\u200cروم «خانه\u200cها»", "می\u200cروم خانه\u200cها"),
        ("ᠨᠠᠷᠠ\u180eᠠ ᠬᠠ\u180bᠷ", "ᠨᠠᠷᠠ\u180eᠠ ᠬᠠ\u180bᠷ"),
        # A joiner belongs to what stands before it, as a combining mark does.
        ("\u200ca b\u200c \u200d -\u200d c\u200c\u200dd e\u200d\u0301", "a b\u200c c\u200c\u200dd e\u200d\u0301"),
        ("a\u200c'b a'\u200cb a'\u200c a'\u200d'b a'\u0301b", "a\u200c'b a'\u200cb a a b a'\u0301b"),
        # Dropped wherever they are; the zero-width space separates.
        (
            "infor\u00admation e\u00ad\u0301 Don\u00ad'\u00adt a'\u00ad'b \u00adx\u00ad \u00ad",
            "information é don't a b x",
        ),
        ("\ufeffa\u2060b c\ufeffd \u200fשל\u200eום\u200f \u2066e\u2069f\u202c a\u200bb", "ab cd שלום ef a b"),
        ("", ""),
        ("?! ... — '", ""),
    ],
)
def test_words_are_letters_digits_and_marks_joined_by_single_apostrophes(text: str, expected: str) -> None:
    assert words(text) == expected.split(" " if expected else None)


def slow_words(text: str) -> list[str]:
    """The definition, a character at a time."""
    text = "".join(character for character in text if not dropped(character))
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u02bc", "'")
    found, word = [], ""
    for place, here in enumerate(text):
        following = next((other for other in text[place + 1 :] if not continues(other)), " ")
        joins = here == "'" and word and word.rstrip(MARKS)[-1] != "'" and following.isalnum()
        if here.isalnum() or (word and continues(here)) or joins:
            word += here
        elif word:
            found.append(word)
            word = ""
    found += [word] if word else []
    return [unicodedata.normalize("NFC", undotted(word.lower())) for word in found]


def dropped(character: str) -> bool:
    """Whether it is an invisible format character that neither joins letters nor separates words."""
    signs = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    beyond = character >= "\ufff9"  # annotations, hieroglyphs, shorthand, music, tags
    return (
        unicodedata.category(character) == "Cf" and character not in f"{signs}\u180e\u200b\u200c\u200d" and not beyond
    )


def continues(character: str) -> bool:
    return character in "\u200c\u200d\u180e" or unicodedata.category(character).startswith("M")


def undotted(word: str) -> str:
    while "i\u0307" in word:
        word = word.replace("i\u0307", "i")
    return word


MARKS = "".join(filter(continues, map(chr, range(sys.maxunicode + 1))))
LETTERS = st.sampled_from([
    *"aBiz09_' \n.-", "’", "\u02bc", "é", "Σ", "İ", "\u0301", "\u0307", "\u093f", "ह", "漢", "\ufe0f", "²",
    *"\u200b\u200c\u200d\u180e\u00ad\u200f\u2060\ufeff",
])  # fmt: skip


@given(st.text(LETTERS) | st.text())
@settings(deadline=None, max_examples=500)
def test_the_regular_expression_agrees_with_the_definition_a_character_at_a_time(text: str) -> None:
    assert words(text) == slow_words(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_text_has_the_same_words_beside_other_text(text: str) -> None:
    assert words(text + " é") == [*words(text), "é"]


@given(st.text(LETTERS))
def test_words_are_words_of_themselves(text: str) -> None:
    for word in words(text):
        assert words(word) == [word]


def test_every_combining_mark_continues_a_word() -> None:
    marks = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)).startswith("M")]
    # ह composes with none of them.
    assert [mark for mark in marks if len(words(f"ह{mark}ह")) != 1] == []


def test_every_format_character_joins_is_dropped_or_separates() -> None:
    codes = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Cf"]
    becomes = {character: " ".join(words(f"ab{character}cd")) for character in codes}
    assert [c for c, found in becomes.items() if found == f"ab{c}cd"] == ["\u180e", "\u200c", "\u200d"]
    assert [c for c, found in becomes.items() if found == "abcd"] == list(filter(dropped, codes))
    assert {found for c, found in becomes.items() if not dropped(c) and not continues(c)} == {"ab cd"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Dog", "dog"),
        ("Don’t", "don't"),
        ("CAFE\u0301", "café"),
        ("İstanbul", "istanbul"),
        ("i\u0307stanbul", "istanbul"),
        ("Infor\u00admation", "information"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("New_York C++ dogs'", "new_york c++ dogs'"),
        ("", ""),
    ],
)
def test_a_word_that_is_asked_for_gets_the_characters_of_the_corpus_and_is_not_cut(word: str, expected: str) -> None:
    assert normalise_word(word, "words") == expected
    assert normalise_word(word, "whitespace") == word
    assert normalise_word(word, "my_function") == word


@given(st.text(LETTERS) | st.text())
def test_words_that_are_asked_for_have_the_characters_that_the_tokeniser_gives(text: str) -> None:
    # The lower case of this one depends on where the word ends.
    text = text.replace("Σ", "")
    assert words(normalise_word(text, "words")) == words(text)


def test_words_with_joiners_soft_hyphens_and_dotted_capitals_train_and_are_found_by_any_spelling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["ශ්\u200dරී ලංකා", "র\u200d্যাব গান", "می\u200cروم خانه", "infor\u00admation text", "İstanbul istanbul İZMİR"]
    (tmp_path / "text.txt").write_text("\n".join(lines * 30), encoding="utf-8")
    train = ["--engine", "numpy", "--vector-size", "4", "--epochs", "1", "--min-count", "1", "--sample", "0"]
    model = str(tmp_path / "model")
    assert run(["train", str(tmp_path / "text.txt"), "-o", model, *train, "--no-cache"]) == 0
    vocabulary = Word2Vec.load(model).wv.index_to_key
    whole = {"ශ්\u200dරී", "ලංකා", "র\u200d্যাব", "গান", "می\u200cروم", "خانه", "information", "text", "istanbul", "izmir"}
    assert set(vocabulary) == whole
    for asked in (
        "İstanbul",
        "istanbul",
        "ISTANBUL",
        "i\u0307stanbul",
        "I\u0307zmi\u0307r",
        "infor\u00admation",
        "می\u200cروم",
    ):
        assert run(["similar", model, asked]) == 0, capsys.readouterr()


def test_whitespace_keeps_tokens_as_they_are() -> None:
    assert tokeniser("whitespace")("The_Cat  don’t\u3000stop.\n") == ["The_Cat", "don’t", "stop."]


def test_a_tokeniser_is_a_name_or_a_function() -> None:
    assert tokeniser("words") is TOKENISERS["words"]
    assert tokeniser(list)("ab") == ["a", "b"]
    with pytest.raises(UsageError, match=r"tokenizer must be words or whitespace.*Got 'word'"):
        tokeniser("word")


def test_the_text_room_imports_neither_numpy_nor_numba() -> None:
    code = "import sys, fastw2v.text as t; list(t.TOKENISERS['words']('é')); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "fastw2v.text.tokenise" in loaded
    assert not [name for name in loaded if re.match(r"(numpy|numba)\b", name)]

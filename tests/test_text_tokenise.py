"""What a word is."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import UsageError
from fastw2v.text.tokenise import TOKENISERS, tokeniser, words


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
        ("İstanbul", "i\u0307stanbul"),
        ("漢字 かな", "漢字 かな"),
        ("❤\ufe0f 👩🏽\u200d🚀 \u0301 ok", "ok"),
        ("\U00011103\U00011127x", "\U00011103\U00011127x"),
        ("a\u200cb a\u00adb", "a b a b"),
        ("", ""),
        ("?! ... — '", ""),
    ],
)
def test_words_are_letters_digits_and_marks_joined_by_single_apostrophes(text: str, expected: str) -> None:
    assert words(text) == expected.split(" " if expected else None)


def slow_words(text: str) -> list[str]:
    """The definition, a character at a time."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u02bc", "'")
    found, word = [], ""
    for here, following in zip(text, text[1:] + " ", strict=False):
        mark = unicodedata.category(here).startswith("M")
        joins = here == "'" and word and word[-1] != "'" and following.isalnum()
        if here.isalnum() or (word and word[-1] != "'" and mark) or joins:
            word += here
        elif word:
            found.append(word)
            word = ""
    found += [word] if word else []
    return [unicodedata.normalize("NFC", word.lower()) for word in found]


LETTERS = st.sampled_from([*"aBz09_' \n.-", "’", "\u02bc", "é", "Σ", "İ", "\u0301", "\u093f", "ह", "漢", "\ufe0f", "²"])


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

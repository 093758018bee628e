"""The built-in stories: same seed same text, honest size, readable English, a truth that the text holds."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest

from fastw2v.stories import DEFAULT_WORDS, generate, grammar
from fastw2v.stories.truth import analogies, word_classes
from fastw2v.stories.words import KINDS

TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
GOLDEN = "15d8df8752abe93523b4a90a26ee476e452a5745e9bd6fc903667cf91fbe15c9"


def tokens(story: str) -> list[str]:
    return TOKEN.findall(story.lower())


@cache
def stories() -> tuple[str, ...]:
    return tuple(generate(500_000))


@cache
def counts() -> Counter[str]:
    return Counter(word for story in stories() for word in tokens(story))


def first(n: int, seed: int = 1) -> list[str]:
    return list(itertools.islice(generate(None, seed), n))


def test_the_first_hundred_stories_are_the_same_on_any_machine() -> None:
    assert hashlib.sha256("\n".join(first(100)).encode()).hexdigest() == GOLDEN


def test_another_seed_tells_other_stories() -> None:
    assert not set(first(50, seed=1)) & set(first(50, seed=2))


def test_a_shorter_corpus_is_the_beginning_of_a_longer_one() -> None:
    short, long = list(generate(5_000, seed=7)), list(generate(20_000, seed=7))
    assert long[: len(short)] == short
    assert len(long) > len(short)


@pytest.mark.parametrize("words", [1, 100, 123_456])
def test_the_size_is_reached_and_overshot_by_less_than_the_last_story(words: int) -> None:
    sizes = [len(tokens(story)) for story in generate(words, seed=3)]
    assert sum(sizes) >= words > sum(sizes[:-1])


def test_no_words_are_no_stories() -> None:
    assert list(generate(0)) == []


def test_the_default_size_is_two_million_words() -> None:
    assert DEFAULT_WORDS == 2_000_000


def test_a_word_between_spaces_is_a_word_of_the_tokeniser() -> None:
    assert all(len(tokens(story)) == len(story.split()) for story in stories())


def test_a_story_is_one_line_of_40_to_250_words() -> None:
    assert all(len(story.splitlines()) == 1 and 40 <= len(story.split()) <= 250 for story in stories())


def test_stories_are_not_told_twice() -> None:
    assert len(set(stories())) == len(stories())


def test_nothing_of_the_templates_is_left_in_the_text() -> None:
    assert set("".join(stories())) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.;:!?\"'")


def test_a_story_begins_with_a_capital_and_ends_with_a_full_stop() -> None:
    # A quotation may open or close it.
    assert all(re.match(r'"?[A-Z]', story) and re.search(r'[.!?]"?$', story) for story in stories())


def test_a_new_sentence_begins_with_a_capital() -> None:
    wrong = [m[0] for story in stories() for m in re.finditer(r".{20}\. \"?[a-z].{5}", story)]
    assert wrong == []


def test_quotation_marks_come_in_pairs() -> None:
    assert all(story.count('"') % 2 == 0 for story in stories())


def test_spaces_are_single_and_never_before_punctuation() -> None:
    assert not any(re.search(r"  | [,.;:!?]|^ | $", story) for story in stories())


def test_an_stands_before_vowels_and_a_before_consonants() -> None:
    # Exceptions by sound: "an honest", "an hour", "a uniform".
    for story in stories():
        for a, word in re.findall(r"\b([Aa]n?) (\w+)", story):
            vowel = (word[0] in "aeiouAEIOU" and word != "uniform") or word in ("honest", "hour")
            assert (a.lower() == "an") == vowel, f"{a} {word}"


def test_a_word_is_drawn_only_once_in_a_story() -> None:
    cast = grammar.Cast(iter_draws())
    drawn = [cast[f"month{n}"] for n in ("", "2")] + [cast["animal"], cast["singer"], cast["dweller"]]
    assert len(set(drawn)) == len(drawn)


def iter_draws() -> grammar.Draw:
    """Chances that would draw the same word again and again, before they move on."""
    chances = (step / 60 for step in range(60) for _ in range(3))
    return lambda: next(chances)


def test_every_role_of_every_plot_has_the_words_it_asks_for() -> None:
    for line in (line for plot in grammar.PLOTS for beat in plot for line in beat):
        for key in re.findall(r"%\((?:[aA] )?([^)]*)\)s", line):
            role, _, attribute = key.lower().partition(".")
            kind = role.rstrip("0123456789")
            assert all(attribute in variant for entry in KINDS[kind] for variant in entry), (key, line)


@pytest.mark.parametrize(("phrase", "expected"), [
    ("dog", "a dog"), ("owl", "an owl"), ("honest girl", "an honest girl"), ("uniform", "a uniform"),
])  # fmt: skip
def test_the_article_follows_the_sound(phrase: str, expected: str) -> None:
    assert grammar.article(phrase) == expected


def test_over_a_thousand_words_stand_five_times_or_more() -> None:
    assert sum(count >= 5 for count in counts().values()) > 1_000


def test_frequency_falls_with_rank_about_as_zipf_says() -> None:
    ranked = [count for _, count in counts().most_common(1_000)]
    points = [(math.log(rank), math.log(ranked[rank - 1])) for rank in range(10, 1_001)]
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    assert -1.6 < slope < -0.6


def test_every_word_of_the_truth_stands_in_the_text_five_times_or_more() -> None:
    rare = {word: counts()[word] for words in word_classes().values() for word in words if counts()[word] < 5}
    assert rare == {}


def test_no_word_is_in_two_classes() -> None:
    seen = Counter(word for words in word_classes().values() for word in words)
    assert [word for word, times in seen.items() if times > 1] == []


def test_every_class_has_room_for_five_neighbours() -> None:
    assert {name: words for name, words in word_classes().items() if len(words) < 6} == {}


def test_words_of_the_truth_are_lower_case_letters() -> None:
    words = {word for section in word_classes().values() for word in section}
    words |= {word for section in analogies().values() for question in section for word in question}
    assert [word for word in words if not re.fullmatch("[a-z]+", word)] == []


def test_analogies_ask_only_about_words_of_the_classes() -> None:
    known = {word for words in word_classes().values() for word in words}
    assert {word for section in analogies().values() for question in section for word in question} <= known


def test_an_analogy_has_four_different_words_and_is_asked_once() -> None:
    questions = [question for section in analogies().values() for question in section]
    assert all(len(set(question)) == 4 for question in questions)
    assert len(set(questions)) == len(questions) > 1_000


def test_a_planted_analogy_is_what_it_says() -> None:
    sections = analogies()
    assert sections["man to woman"][0] == ("king", "queen", "prince", "princess")
    assert sections["animal to young"][0] == ("dog", "puppy", "cat", "kitten")
    assert sections["action to past"][0] == ("jump", "jumped", "run", "ran")


def test_the_ground_truth_is_the_same_at_each_call() -> None:
    assert word_classes() == word_classes()
    assert analogies() == analogies()


def test_importing_the_stories_does_not_import_numpy() -> None:
    code = "import sys, fastw2v.stories.truth; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The speed ratios that the project promises, whether they hold, and all losing cases.

A promise is a ratio of two candidates' speeds in the same rounds. The figures were set for TinyStories and Wikipedia,
both whole, with 5 epochs; on any other text they are only a measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastw2v.bench import candidates as timed
from fastw2v.bench.candidates import Candidate
from fastw2v.bench.results import Results, Row
from fastw2v.bench.rounds import Ratio, Spread

# (faster, slower, times as fast); None is our fastest run with one worker, whatever its mode.
_PROMISED: tuple[tuple[str, str | None, float], ...] = (
    (timed.OURS, timed.GENSIM, 8),
    (timed.RACY, timed.OURS, 1.7),
    (timed.RACY, timed.GENSIM_2, 7),
    (timed.DETERMINISTIC, None, 1.4),
    (timed.PER_PAIR, timed.GENSIM, 3),
)
# Where a corpus of this name is promised more.
_MORE = {("wiki", timed.OURS, timed.GENSIM): 9.0}
# The share of the matrix product's operations a second that training makes useful ones.
_USEFUL = 0.5
USEFUL_OPERATIONS = "useful operations of fastw2v, 1 worker"


def promised(results: Results, candidates: Sequence[Candidate], corpus: str) -> list[Ratio]:
    """Return the promised ratios that were measured on a corpus of this name."""
    found = []
    for faster, other, least in _PROMISED:
        slower = other or _fastest_alone(results, candidates)
        by_round = ratio(results, faster, slower)
        if by_round:
            found.append(Ratio(faster, slower, by_round, _MORE.get((corpus, faster, slower), least)))
    share = useful_share(results)
    return [*found, Ratio(USEFUL_OPERATIONS, timed.MATRIX, share, _USEFUL)] if share else found


def ratio(results: Results, faster: str, slower: str) -> list[float]:
    """Return how many times as fast one candidate is as another, for each round that has both."""
    return [other.seconds / one.seconds for one, other in _both(results, faster, slower)]


def useful_share(results: Results) -> list[float]:
    """Return, for each round, our useful operations a second over those of the matrix product."""
    return _operations(results, timed.OURS, timed.MATRIX)


def cores_gain(results: Results) -> list[float]:
    """Return, for each round, the operations a second of two cores' matrix products over one core's."""
    return _operations(results, timed.MATRIX_2, timed.MATRIX)


def losing(results: Results, candidates: Sequence[Candidate], corpus: str) -> list[str]:
    """Return a line for each promise not kept, and for each run of ours that another one beats.

    The other one is a peer, or ourselves in another mode, with no more workers and timed on the same.
    """
    lines = [f"{one.text}." for one in promised(results, candidates, corpus) if not one.kept]
    for mine in (one for one in candidates if one.ours):
        for other in candidates:
            if other is mine or other.kind != mine.kind or other.workers > mine.workers:
                continue
            by_round = ratio(results, other.name, mine.name)
            if by_round and Spread.of(by_round).median > 1:
                lines.append(f"{mine.name}: {other.name} is {Spread.of(by_round).text(2)} times as fast.")
    return lines


def _fastest_alone(results: Results, candidates: Sequence[Candidate]) -> str:
    alone = [one for one in candidates if one.ours and one.kind == timed.TRAINING and one.workers == 1]
    medians = {
        one.name: Spread.of([row.seconds for row in rows.values()]).median
        for one in alone
        if (rows := results.of(one.name))
    }
    return min(medians, key=medians.__getitem__, default=timed.OURS)


def _operations(results: Results, one: str, other: str) -> list[float]:
    """Return one candidate's operations a second over another's, for each round that has both."""
    rounds = _both(results, one, other)
    return [(mine.flops / mine.seconds) / (theirs.flops / theirs.seconds) for mine, theirs in rounds]


def _both(results: Results, one: str, other: str) -> Iterator[tuple[Row, Row]]:
    first, second = results.of(one), results.of(other)
    yield from ((first[number], second[number]) for number in sorted(first.keys() & second.keys()))

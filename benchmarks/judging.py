"""What scores over seeds say: intervals, paired differences with the peer, a verdict for each corpus, as Markdown.

Knows rows and nothing of how they came about. All intervals are Student's, over seeds, at 95 %.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.quality_rows import Row

PEER, OURS = "gensim", "default"
# A set that covers fewer pairs is shown and not judged: its score hangs on a few words.
FEWEST_COVERED = 100
# Student's t, 97.5 % point, for 1, 2, ... degrees of freedom: scipy, which knows it, is not ours to require.
T_975 = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622)
MOST_SEEDS = len(T_975) + 1

BySeed = Mapping[int, float]


@dataclass(frozen=True)
class Interval:
    """A mean over seeds and half the width of its interval; for a single seed there is none."""

    mean: float
    half: float | None

    def text(self, form: str = ".4f") -> str:
        """Return mean and half width."""
        return f"{self.mean:{form}}" + ("" if self.half is None else f" ± {self.half:.4f}")


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of 1 to MOST_SEEDS values and its interval."""
    half = T_975[len(values) - 2] * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    return Interval(statistics.fmean(values), half)


def difference(ours: BySeed, peer: BySeed) -> Interval:
    """Return the mean of ours - peer over the seeds that both have, at least one, and its interval."""
    return interval([ours[seed] - peer[seed] for seed in _common(ours, peer)])


def not_below(ours: BySeed, peer: BySeed) -> bool:
    """Say whether our mean, over the seeds that both have, at least two, reaches the peer's interval."""
    seeds = _common(ours, peer)
    theirs = interval([peer[seed] for seed in seeds])
    assert theirs.half is not None
    return statistics.fmean(ours[seed] for seed in seeds) >= theirs.mean - theirs.half


def _common(ours: BySeed, peer: BySeed) -> list[int]:
    return sorted(ours.keys() & peer.keys())


@dataclass(frozen=True)
class Comparison:
    """The rows of one corpus, by system and seed, at least one."""

    rows: Mapping[str, Mapping[int, Row]]

    @property
    def sets(self) -> list[str]:
        """The evaluation sets."""
        return list(self._all[0].scores)

    @property
    def judged(self) -> list[str]:
        """The sets that cover enough pairs to be judged."""
        return [name for name in self.sets if self.covered(name) >= FEWEST_COVERED]

    @property
    def _all(self) -> list[Row]:
        return [row for rows in self.rows.values() for row in rows.values()]

    def covered(self, name: str) -> int:
        """Return the pairs of a set that every run covers: their vocabulary is the same."""
        return min(row.covered[name] for row in self._all)

    def scores(self, system: str, name: str) -> dict[int, float]:
        """Return a system's score of a set by seed, where it is defined."""
        scores = {seed: row.scores[name] for seed, row in self.rows.get(system, {}).items()}
        return {seed: score for seed, score in scores.items() if score is not None}

    def means(self, system: str) -> dict[int, float]:
        """Return a system's mean over the judged sets by seed; none where no set is judged."""
        found = [self.scores(system, name) for name in self.judged]
        seeds = set.intersection(*map(set, found)) if found else set()
        return {seed: statistics.fmean(scores[seed] for scores in found) for seed in sorted(seeds)}

    def verdict(self, system: str) -> str:
        """Return 'not below' or 'BELOW' (the peer's interval), or 'not judged', and why."""
        if not self.judged:
            return f"not judged: no set covers {FEWEST_COVERED} pairs"
        ours, peer = self.means(system), self.means(PEER)
        if len(_common(ours, peer)) < 2:
            return "not judged: fewer than 2 seeds of both"
        return "not below" if not_below(ours, peer) else "BELOW"


def report(corpus: str, rows: Mapping[str, Mapping[int, Row]], systems: Sequence[str]) -> str:
    """Return one corpus's tables and verdict, in Markdown; systems without a row are named below the tables."""
    found, missing = ([name for name in systems if (name in rows) == there] for there in (True, False))
    parts = [f"### {corpus}"]
    if found:
        comparison = Comparison(rows)
        parts.append(_scores(comparison, found))
        if PEER in found and len(found) > 1:
            parts.append(f"Differences with {PEER}, paired over seeds; verdict: the mean against {PEER}'s interval.")
            parts.append(_differences(comparison, [name for name in found if name != PEER]))
        parts.append(_verdict_line(corpus, comparison))
    if missing:
        parts.append(f"No run by the present code and settings: {', '.join(missing)}.")
    return "\n\n".join(parts)


def _scores(comparison: Comparison, systems: Sequence[str]) -> str:
    rows = [
        [
            system,
            *(_cell(comparison.scores(system, name)) for name in comparison.sets),
            _cell(comparison.means(system)),
            str(len(comparison.rows[system])),
        ]
        for system in systems
    ]
    return _markdown([*_header(comparison), "seeds"], rows)


def _differences(comparison: Comparison, systems: Sequence[str]) -> str:
    rows = [
        [
            system,
            *(_signed(comparison.scores(system, name), comparison.scores(PEER, name)) for name in comparison.sets),
            _signed(comparison.means(system), comparison.means(PEER)),
            comparison.verdict(system),
        ]
        for system in systems
    ]
    return _markdown([*_header(comparison), "verdict"], rows)


def _header(comparison: Comparison) -> list[str]:
    judged = comparison.judged
    pairs = {name: f"{comparison.covered(name):,}" for name in comparison.sets}
    titles = [f"{name} ({count}{'' if name in judged else ', not judged'})" for name, count in pairs.items()]
    return ["system", *titles, "mean of the judged"]


def _cell(scores: BySeed) -> str:
    return interval(list(scores.values())).text() if scores else "-"


def _signed(ours: BySeed, peer: BySeed) -> str:
    return difference(ours, peer).text("+.4f") if _common(ours, peer) else "-"


def _verdict_line(corpus: str, comparison: Comparison) -> str:
    verdict = comparison.verdict(OURS)
    if verdict.startswith("not judged"):
        return f"**{corpus}, {OURS}: {verdict}.**"
    ours, peer = comparison.means(OURS), comparison.means(PEER)
    seeds = _common(ours, peer)
    return (
        f"**{corpus}, {OURS}: {verdict} {PEER}'s interval.** Mean over {' and '.join(comparison.judged)}, "
        f"{len(seeds)} seeds: {statistics.fmean(ours[seed] for seed in seeds):.4f} against "
        f"{interval([peer[seed] for seed in seeds]).text()}; paired difference {_signed(ours, peer)}."
    )


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""Format a comparison as plain text: tables of speeds and ratios, promises, losing cases, notes.

`whole` is the account of one text, `markdown` that of several, with a `summary` for the page of performance.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from fastw2v.bench import candidates as timed
from fastw2v.bench import machine
from fastw2v.bench.candidates import Candidate
from fastw2v.bench.comparison import Comparison, peer_versions
from fastw2v.bench.peers import EXTRA, PEERS
from fastw2v.bench.promises import cores_gain, losing, promised, ratio, useful_share
from fastw2v.bench.rounds import Ratio, Spread
from fastw2v.bench.sections import section
from fastw2v.bench.tables import table
from fastw2v.messages.printable import plural
from fastw2v.verify.checks import Check

_SHOWN = ("vector_size", "window", "negative", "min_count", "sample", "alpha", "epochs", "batch_size")
# The part of `markdown` that docs/performance.md shows too.
SUMMARY = "speed table"
_WIDTH = 110
NO_LOSS = "None: no peer and no other mode of ours was faster, and every promise is kept."


def machine_text(command: str) -> str:
    """Return machine, versions and command, one name and value a line."""
    versions = [f"{name:<10} {version}" for name, version in peer_versions().items()]
    return "\n".join((machine.text(), *versions, f"command    {command}"))


def missing_peers() -> list[str]:
    """Return a line for each peer that is not installed."""
    return [f"{peer.name} is not installed: {EXTRA}" for peer in PEERS.values() if not peer.installed]


def checks_text(checks: Sequence[Check]) -> str:
    """Return how many checks hold, and a line for each that does not."""
    failed = [check for check in checks if not check.passed]
    head = f"verified   {len(checks) - len(failed)} of {len(checks)} checks against the reference passed"
    lines = [f"  FAILED   {check.what}: {check.deviation:.1e}, limit {check.limit:.1e}" for check in failed]
    return "\n".join((f"{head} (fastw2v verify lists them)", *lines))


def whole(comparison: Comparison) -> str:
    """Return all that is to be said of the comparison, with what rows there are."""
    parts = [f"{_head(comparison)}\n{_shown_settings(comparison)}", *_tables(comparison)]
    if found := _promised(comparison):
        rows = [[f"{one.faster} / {one.slower}", one.measured, one.verdict] for one in found]
        parts.append("Promised\n" + table(["", "times as fast", ""], rows))
    parts.append("Losing cases\n" + "\n".join(_losing(comparison) or [NO_LOSS]))
    parts.append(
        "Notes\n" + "\n".join(textwrap.fill(note, _WIDTH, subsequent_indent="  ") for note in _notes(comparison))
    )
    return "\n\n".join(parts)


def markdown(comparisons: Sequence[Comparison], command: str) -> str:
    """Return all comparisons of a command as a part of a Markdown file; its SUMMARY is a section of its own."""
    parts = [
        "## Speed",
        _fenced(machine_text(command)),
        section(SUMMARY, summary(comparisons)),
        *(f"### {one.corpus['name']}\n\n{_fenced(whole(one))}" for one in comparisons),
    ]
    return "\n\n".join(parts)


def summary(comparisons: Sequence[Comparison]) -> str:
    """Return what the page of performance says: training speeds over all texts, and every losing case."""
    header = ["training only"]
    for one in comparisons:
        header += [f"{slug(one)}: words/s", f"{timed.OURS}, is"]
    rows = []
    for name in dict.fromkeys(one.name for each in comparisons for one in each.candidates if _is_training(one)):
        cells = [_speed_cells(each, name) for each in comparisons]
        rows.append([name, *(cell for median, _, times in cells for cell in (median, times))])
    here = machine.describe()
    where = f"{here['cores'].split()[0]} cores of {here['processor']}, {here['date']}"
    lost = [f"{slug(each)}: {line}" for each in comparisons for line in _losing(each)]
    heads = "\n".join((*map(_head, comparisons), _shown_settings(comparisons[0])))
    return "\n\n".join(
        (
            f"Training only, on {where}; medians of alternating rounds [smallest - largest]:",
            _fenced("\n\n".join((heads, table(header, rows), _besides(comparisons)))),
            "Losing cases:\n\n" + "\n".join(f"- {line}" for line in lost or [NO_LOSS]),
        )
    )


def _besides(comparisons: Sequence[Comparison]) -> str:
    """Return a table of what was found besides training speeds."""
    rows = [
        ["useful operations, % of a matrix product's", *(_percent(useful_share(one.results)) for one in comparisons)],
        ["two cores' matrix products, x one core's", *(_gain(one) for one in comparisons)],
    ]
    for name in (timed.WHOLE_OURS, timed.WHOLE_GENSIM):
        found = [[row.seconds for row in one.results.of(name).values()] for one in comparisons]
        rows.append([f"{name}, s", *(Spread.of(each).text(1) if each else "-" for each in found)])
    return table(["", *map(slug, comparisons)], rows)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return header, rows, promises and losing cases as JSON values."""
    return {
        **comparison.results.header,
        "rows": [vars(row) for row in comparison.results.rows],
        "promised": [{**vars(one), "median": one.spread.median, "kept": one.kept} for one in _promised(comparison)],
        "losing": _losing(comparison),
    }


def _promised(comparison: Comparison) -> list[Ratio]:
    return promised(comparison.results, comparison.candidates, slug(comparison))


def _losing(comparison: Comparison) -> list[str]:
    return losing(comparison.results, comparison.candidates, slug(comparison))


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"


def slug(comparison: Comparison) -> str:
    """Return a short name of the text."""
    return str(comparison.corpus["name"]).removesuffix(".txt")


def _is_training(candidate: Candidate) -> bool:
    return candidate.kind == timed.TRAINING


def _head(comparison: Comparison) -> str:
    corpus = comparison.corpus
    part = "" if comparison.material.settings.limit is None else "the first part of "
    return (
        f"{part}{corpus['name']}: {corpus['words']:,} words, {corpus['documents']:,} documents, "
        f"vocabulary {corpus['vocabulary']:,}; {plural(comparison.rounds, 'complete round')}"
    )


def _shown_settings(comparison: Comparison) -> str:
    settings = comparison.material.settings
    return ", ".join(f"{name} {getattr(settings, name):g}" for name in _SHOWN)


def _tables(comparison: Comparison) -> Iterator[str]:
    training = [one for one in comparison.candidates if _is_training(one)]
    rows = [[one.name, *_speed_cells(comparison, one.name)] for one in training]
    yield "Training only\n" + table(["", "words/s", "min - max", f"{timed.OURS}, is"], rows)
    if share := useful_share(comparison.results):
        yield _against_the_machine(comparison, share)
    programs = [one for one in comparison.candidates if one.kind == timed.WHOLE]
    yield "Raw text file to saved vectors, process start to exit\n" + table(
        ["", "seconds", "min - max", f"{timed.WHOLE_OURS}, is"],
        [[one.name, *_second_cells(comparison, one.name)] for one in programs],
    )


def _against_the_machine(comparison: Comparison, share: Sequence[float]) -> str:
    rows = [
        Spread.of([row.flops / row.seconds / 1e9 for row in comparison.results.of(name).values()])
        for name in (timed.OURS, timed.MATRIX)
    ]
    lines = [
        f"Against the machine: {timed.OURS}, does {rows[0].text(1)} Gflop/s of useful operations,",
        f"a 1024 x 1024 float32 matrix product on one core {rows[1].text(1)}: {_percent(share)} %",
    ]
    if cores_gain(comparison.results):
        lines.append(f"Two cores at once do {_gain(comparison)} times the products of one")
    return "\n".join(lines)


def _gain(comparison: Comparison) -> str:
    by_round = cores_gain(comparison.results)
    return Spread.of(by_round).text(2) if by_round else "-"


def _percent(share: Sequence[float]) -> str:
    return Spread.of([100 * value for value in share]).text(1) if share else "-"


def _speed_cells(comparison: Comparison, name: str) -> list[str]:
    """Return median speed, spread and how many times as fast ours is; dashes where there is no row."""
    rows = comparison.results.of(name)
    if not rows:
        return ["-", "-", "-"]
    speeds = Spread.of([comparison.words / row.seconds for row in rows.values()])
    return [f"{speeds.median:,.0f}", f"{speeds.low:,.0f} - {speeds.high:,.0f}", _times(comparison, timed.OURS, name)]


def _second_cells(comparison: Comparison, name: str) -> list[str]:
    rows = comparison.results.of(name)
    if not rows:
        return ["-", "-", "-"]
    seconds = Spread.of([row.seconds for row in rows.values()])
    return [
        f"{seconds.median:.1f}",
        f"{seconds.low:.1f} - {seconds.high:.1f}",
        _times(comparison, timed.WHOLE_OURS, name),
    ]


def _times(comparison: Comparison, ours: str, other: str) -> str:
    """Return how many times as fast ours is; nothing beside itself."""
    by_round = ratio(comparison.results, ours, other)
    return f"{Spread.of(by_round).text(2)} x" if by_round and ours != other else ""


def _notes(comparison: Comparison) -> Iterator[str]:
    yield "Ratios are taken within rounds, in which all candidates alternate; median [smallest - largest]."
    yield "Words/s count every word of the text, times epochs. Ours computes the loss as it trains; the peers do not."
    yield "Racy workers are not bit-equal to one; deterministic ones are."
    yield from (f"{peer.name}: {peer.note}." for peer in PEERS.values() if _is_there(comparison, peer.name))
    longest = int(comparison.corpus["longest_document"])
    for peer in PEERS.values():
        if _is_there(comparison, peer.name) and longest > peer.longest:
            yield f"{peer.name} cuts documents after {peer.longest:,} words; the longest here has {longest:,}."
    whole_rows = comparison.results.of(timed.WHOLE_OURS).values()
    if whole_rows:
        load = Spread.of([row.compile_seconds for row in whole_rows])
        yield f"Of its wall time, fastw2v takes {load.text(2)} s to load compiled kernels; that is no training time."
    if _is_there(comparison, "gensim"):
        yield "gensim's program reads documents and words by our reader, the same as ours, and saves the whole model."
    cold = "was out of the page cache" if comparison.cold else "could not be dropped from the page cache here"
    yield f"The text {cold} when a program started, and encoded nowhere; programs, libraries and kernels were cached."


def _is_there(comparison: Comparison, peer: str) -> bool:
    return any(one.name.startswith(peer) for one in comparison.candidates)

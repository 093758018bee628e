"""How fast text becomes numbers: raw bytes to an encoded corpus on disk, beside gensim's scan and the plain twin.

    python -m benchmarks.encoding [--rounds N] [--stories SIZE] [--output DIR]

On `wiki.txt`, `tinystories.txt` and built-in stories that are written to a temporary file first. Ours reads, tokenises,
counts, numbers, writes and syncs to disk; gensim only counts the words of text that was tokenised before; the plain
twin, one regular expression over Unicode text, gets the beginning of the text. Files are in the page cache, compiled
kernels on disk. Rounds alternate; the section goes to `benchmarks/RESULTS.md`, elsewhere with --output.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.arguments import positive
from benchmarks.writing import write_parts
from fastw2v import Settings
from fastw2v.bench.rounds import WARM_UP, Ratio, Spread, alternate, label
from fastw2v.bench.tables import table
from fastw2v.corpus import reading
from fastw2v.corpus.encoder import encode_pieces
from fastw2v.corpus.sinks import MemorySink
from fastw2v.errors import Fastw2vError
from fastw2v.stories import generate
from fastw2v.system.threads import processors
from fastw2v.text import TextCorpus, parse_limit
from fastw2v.text.tokenise import words

TITLE = "Encoding: text into numbers"
HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
ROUNDS = 5
STORIES = "1GB"
# The slow ones get the beginning of a text.
SLICE = 20_000_000
PROMISED_MB = 100
OURS, TWO, GENSIM, PLAIN = "fastw2v encode", "fastw2v encode, 2 workers", "gensim, scan of tokens", "plain twin"


@dataclass(frozen=True)
class Candidate:
    """What is timed: a name, the bytes of text that one run goes over, and the run."""

    name: str
    size: int
    run: Callable[[], object]
    speeds: list[float] = field(default_factory=list)

    @property
    def spread(self) -> Spread:
        """MB/s."""
        return Spread.of(self.speeds)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write; return the exit code."""
    options = _parse(arguments)
    return write_parts("encoding", TITLE, _parts(options), options.output, arguments)


def _parts(options: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for path in _texts(Path(folder), options.stories):
            timed = list(candidates(path, Path(folder)))
            measure(timed, options.rounds, path.name)
            yield report(path, timed)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoding", description="How fast text becomes numbers.")
    parser.add_argument("--rounds", type=positive, default=ROUNDS, metavar="N", help="default %(default)s")
    parser.add_argument("--stories", default=STORIES, metavar="SIZE", help="of built-in stories; default %(default)s")
    parser.add_argument("--output", type=Path, default=HERE, metavar="DIR", help="where RESULTS.md goes")
    return parser.parse_args(arguments)


def _texts(folder: Path, size: str) -> Iterator[Path]:
    """Yield the texts; the stories are written when their turn comes."""
    yield from (path for path in (DATA / "wiki.txt", DATA / "tinystories.txt") if path.is_file())
    path, most = folder / "stories.txt", parse_limit(size).bytes
    if most is None:
        raise Fastw2vError(f"--stories must be a size. Got {size!r}; 1GB works.")
    print(f"\nwriting {size} of stories", file=sys.stderr, flush=True)
    with path.open("w", encoding="utf-8") as file:
        written = 0
        for story in generate(None):
            written += file.write(story + "\n")
            if written >= most:
                break
    yield path


def candidates(path: Path, folder: Path) -> Iterator[Candidate]:
    """Yield what to time on a text."""
    size = path.stat().st_size
    for name, workers in ((OURS, 1), (TWO, 2)):
        if workers <= processors():
            yield Candidate(name, size, functools.partial(_encode, path, folder / "encoded", workers))
    tokens = folder / f"{path.name}.tokens"
    part = _beginning(path)
    tokens.write_text("\n".join(" ".join(words(line)) for line in part), encoding="utf-8")
    if importlib.util.find_spec("gensim"):
        yield Candidate(GENSIM, tokens.stat().st_size, lambda: _gensim_scan(tokens))
    sliced = folder / f"{path.name}.part"
    sliced.write_text("\n".join(part), encoding="utf-8")
    yield Candidate(PLAIN, sliced.stat().st_size, lambda: _plain(sliced))


def _beginning(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return file.readlines(SLICE)


def _encode(path: Path, output: Path, workers: int) -> None:
    reading.encode_text([path], Settings(workers=workers), output, overwrite=True)


def _gensim_scan(path: Path) -> None:
    word2vec = importlib.import_module("gensim.models.word2vec")
    word2vec.Word2Vec(vector_size=1, min_count=5).build_vocab(word2vec.LineSentence(str(path)))


def _plain(path: Path) -> None:
    # A function has no tables: it is called.
    encode_pieces(TextCorpus([path]).pieces(), lambda text: words(text), MemorySink())


def measure(timed: Sequence[Candidate], rounds: int, name: str) -> None:
    """Time all candidates in each round, one after the other."""
    for number, due in alternate(timed, rounds):
        print(f"{name}, {label(number, rounds)}", file=sys.stderr, flush=True)
        for one in due:
            start = time.perf_counter()
            one.run()
            seconds = time.perf_counter() - start
            if number != WARM_UP:
                one.speeds.append(one.size / seconds / 1e6)


def report(path: Path, timed: Sequence[Candidate]) -> str:
    """Return the table of a text, with how many times as fast ours is in each round."""
    ours = timed[0]
    rows = []
    for one in timed:
        ratio = Ratio(ours.name, one.name, [a / b for a, b in zip(ours.speeds, one.speeds, strict=True)], 0)
        rows.append([one.name, f"{one.size / 1e6:,.0f}", one.spread.text(0), "" if one is ours else ratio.measured])
    kept = "kept" if ours.spread.median >= PROMISED_MB else "NOT KEPT"
    return "\n".join(
        (
            f"{path.name}, {path.stat().st_size:,} bytes",
            table(["", "MB", "MB/s", f"{OURS} is times as fast"], rows),
            f"promised: at least {PROMISED_MB} MB/s on one core, raw bytes to ids on disk: {kept}",
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Read BATS analogies: a file is a section, a line a word and its right answers.

    cat     animal/feline/pet

Every pair is put to every other pair of its file: cat is to animal as dog is to what? Any of dog's answers is right. A
folder is read with all files below it whose names end in .txt. Source: Gladkova, Drozd and Matsuoka 2016,
"Analogy-based detection of morphological and semantic relations with word embeddings: what works and what doesn't".
"""

from __future__ import annotations

import itertools
import logging
from pathlib import Path

from fastw2v.errors import DataError
from fastw2v.evaluation.lines import Lines, content_lines, shown_line

logger = logging.getLogger(__name__)

_FORM = "a word and its right answers, such as 'cat animal/feline'"
# Questions grow with the square of the pairs; BATS has files of 50.
_MOST_PAIRS = 200
# In words; of answers each is right.
BatsQuestion = tuple[str, tuple[str, ...], str, tuple[str, ...]]


def read_bats(path: Path, lines: Lines | None = None) -> dict[str, list[BatsQuestion]]:
    """Read a file, or a folder of files, by section: questions (a, answers to a, c, answers to c).

    Args:
        path: the file or folder.
        lines: those of the file, where they were read before.

    Raises:
        MissingFileError: no such file.
        DataError: a malformed line, with file and line number; a file of less than 2 or more than 200 pairs, or a
            folder without files.
    """
    files = bats_files(path) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path}: no file of analogies in it; their names end in .txt.")
    names = [str(file.relative_to(path).with_suffix("")) if path.is_dir() else file.stem for file in files]
    sections = {
        name: _questions(file, lines or list(content_lines(file))) for name, file in zip(names, files, strict=True)
    }
    if path.is_dir():
        others = sum(file.is_file() for file in path.rglob("*")) - len(files)
        if others:
            logger.warning("%s: files left out, which are no .txt: %d.", path, others)
    asked = sum(map(len, sections.values()))
    logger.warning(
        "%s: read as analogies of the form of BATS, each pair put to each other of its file: %s questions.",
        path,
        f"{asked:,}",
    )
    return sections


def bats_files(folder: Path) -> list[Path]:
    """Return the files below a folder that `read_bats` reads, sorted."""
    return sorted(file for file in folder.rglob("*.txt") if file.is_file() and not file.name.startswith("."))


def is_pair(line: str) -> bool:
    """Tell whether a line is a word and its answers."""
    return len(_parts(line)) == 2


def holds_bats(folder: Path) -> bool:
    """Tell whether a folder seems to be one of such files: whether the first line of the first is of their form.

    Raises:
        DataError: it cannot be read.
    """
    files = bats_files(folder)
    return bool(files) and is_pair(next((line for _, line in content_lines(files[0])), ""))


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.strip().split("\t" if "\t" in line.strip() else None)]


def _questions(file: Path, lines: Lines) -> list[BatsQuestion]:
    pairs: list[tuple[str, tuple[str, ...]]] = []
    for number, line in lines:
        parts = _parts(line)
        answers = tuple(answer for answer in map(str.strip, parts[-1].split("/")) if answer)
        if len(parts) != 2 or not answers:
            raise DataError(f"{file}, line {number}: expected {_FORM}. Got {shown_line(line)}.")
        if len(pairs) == _MOST_PAIRS:
            raise DataError(
                f"{file}, line {number}: a file of analogies has at most {_MOST_PAIRS} pairs. Got more; are these word "
                "pairs without their scores?"
            )
        pairs.append((parts[0], answers))
    if len(pairs) < 2:
        raise DataError(f"{file}: analogies are made of two pairs or more. Got {len(pairs)}.")
    return [(*one, *other) for one, other in itertools.permutations(pairs, 2)]

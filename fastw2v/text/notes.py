"""What is to be said of text that was read: one sentence for each thing that a reader might not expect.

Counts per file are kept while reading, and become sentences at the end. Knows who calls, and how counts are shown.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath

from fastw2v.callers import by_caller, given, named
from fastw2v.shown import plural

# A document of more bytes than this, alone in its corpus, is worth a word.
LARGE_BYTES = 10**6
# Ends of lines in other programs, white space here: U+0085, U+2028, U+2029.
_SEPARATORS = {b"\xc2\x85": "U+0085", b"\xe2\x80\xa8": "U+2028", b"\xe2\x80\xa9": "U+2029"}

_TABLES, _COMPRESSED = (".csv", ".tsv"), (".gz", ".bz2", ".xz", ".zst")
# Numbers behind a word that make lines without a header vectors, as in GloVe's files.
_LEAST_NUMBERS = 5
_HEADER = re.compile(rb"\s*\d+[ \t]+(\d+)\s*")
_NUMBER = re.compile(rb"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"]{0,100}"\s*:')


class Notes:
    """What was met in the sources of text read so far.

    Attributes:
        nulls: records whose text is null.
    """

    def __init__(self) -> None:
        self._begun = False
        self._modes: Counter[str] = Counter()
        self._first_of: dict[str, str] = {}
        self._carriage_returns: list[str] = []
        self._separators: set[str] = set()
        self.nulls = 0
        self._tokens = False
        self._marked: dict[str, str] = {}
        self._replaced: Counter[str] = Counter()
        self._json: list[str] = []
        self._tables: list[str] = []
        self._vectors: list[str] = []

    def begins(self, name: str, start: bytes, mode: str) -> None:
        """Hear of a source: its first megabyte, and what a document is in it."""
        self._begun = True
        if not start:
            return
        self._modes[mode] += 1
        self._first_of.setdefault(mode, PurePath(name).name)
        if _JSON.match(start):
            self._json.append(PurePath(name).name)
        if _is_table(PurePath(name), start):
            self._tables.append(PurePath(name).name)
        if _are_vectors(start):
            self._vectors.append(PurePath(name).name)
        if b"\n" not in start:
            self._separators.update(shown for mark, shown in _SEPARATORS.items() if mark in start)
            if b"\r" in start:
                self._carriage_returns.append(PurePath(name).name)

    def skips_nulls(self, number: int) -> None:
        """Hear of records whose text is null."""
        self.nulls += number

    def takes_tokens(self) -> None:
        """Hear that records hold lists of tokens."""
        self._tokens = True

    def marked(self, name: str, encoding: str) -> None:
        """Hear of a source with the byte order mark of another encoding than expected, in which it is read."""
        self._marked[PurePath(name).name] = encoding

    def replaced(self, name: str, number: int) -> None:
        """Hear of bytes of a source that were read as U+FFFD, or as a space."""
        if number:
            self._replaced[PurePath(name).name] += number

    @property
    def mode(self) -> str:
        """What a document is in the sources met: "auto" before the first, "mixed" where they differ."""
        if len(self._modes) > 1:
            return "mixed"
        return next(iter(self._modes), "line" if self._begun else "auto")

    def sentences(self, documents: int, size: int, mode: str) -> list[str]:
        """Return what is to be said of so many documents, of `size` bytes together."""
        said = []
        if mode == "mixed":
            cut = ", ".join(
                f"{what} in {self._modes[one]:,} (such as {self._first_of[one]})"
                for one, what in (("marker", "what <|endoftext|> separates"), ("line", "a line"))
            )
            said.append(
                f"Files differ in what a document is: {cut}. {given('documents', 'line')} would treat all alike, "
                "and so would marker."
            )
        if self._carriage_returns:
            said.append(
                f"{_files(self._carriage_returns)}: lines end with a carriage return (CR) alone; read as lines."
            )
        if self._tokens:
            said.append(
                f"The records hold lists of tokens, which are words as they are; {named('tokenizer')} is not used."
            )
        if self.nulls:
            said.append(f"Skipped {plural(self.nulls, 'null text')}.")
        for encoding in sorted(set(self._marked.values())):
            names = [name for name, found in self._marked.items() if found == encoding]
            said.append(f"{_files(names)}: read as {encoding.upper()}, which the byte order mark names.")
        if self._replaced:
            number, files = self._replaced.total(), list(self._replaced)
            what = f"{plural(number, 'byte')} that {'is' if number == 1 else 'are'}"
            said.append(f"Replaced {what} not in the encoding, in {plural(len(files), 'file')}: {_files(files)}.")
        if self._json:
            said.append(
                f"{_files(self._json)}: looks like JSON and is read as plain text, names of fields and all; "
                "under a name that ends in .jsonl each line is a record."
            )
        if self._tables:
            said.append(
                f"{_files(self._tables)}: a table is read as plain text, header and all columns; write its text to a "
                f"file of one document a line, or to .jsonl or Parquet, of which {named('field')} names the column."
            )
        if self._vectors:
            begins = by_caller("train --init-from", "fit with init_from")
            said.append(
                f"{_files(self._vectors)}: looks like vectors and is read as plain text, numbers and all; {begins} "
                "takes vectors to begin with."
            )
        if documents == 1 and size > LARGE_BYTES:
            said.append(f"All {size:,} bytes are 1 document, so windows go across all of it. {self._advice(mode)}")
        return said

    def _advice(self, mode: str) -> str:
        if mode == "blank":
            return f"There is no blank line within it; {given('documents', 'line')} makes each line a document."
        if mode == "marker":
            return f"There is no <|endoftext|> within it; {given('documents', 'line')} makes each line a document."
        if self._separators:
            return (
                f"It has no line end, and {', '.join(sorted(self._separators))}, which is white space here; replace it."
            )
        return "There is no line end within it; if it has several documents, put each on a line."


def _is_table(path: PurePath, start: bytes) -> bool:
    """Whether a file is named as a table and has columns."""
    name = path.stem if path.suffix.lower() in _COMPRESSED else path.name
    first = start.partition(b"\n")[0]
    return PurePath(name).suffix.lower() in _TABLES and any(mark in first for mark in (b",", b";", b"\t"))


def _are_vectors(start: bytes) -> bool:
    """Whether the first lines are vectors in word2vec's text format, or in GloVe's, which has no header."""
    lines = start.split(b"\n", 4)[:4]
    header = _HEADER.fullmatch(lines[0])
    rows = [line.split() for line in (lines[1:] if header else lines) if line.strip()]
    sizes = {len(row) - 1 if all(map(_NUMBER.fullmatch, row[1:])) else 0 for row in rows}
    if header is not None:
        return sizes == {int(header[1])}
    return len(rows) > 1 and len(sizes) == 1 and min(sizes) >= _LEAST_NUMBERS


def _files(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"

"""Notes on text that was read: one sentence for each thing that a user might not expect.

While reading, findings are collected per file; at the end they become notes. Notes are stored with an encoded corpus
and may be printed again by another caller. So a setting in a note is formatted (`--documents line` or
`documents="line"`) only when the note is printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from fastw2v.messages.callers import given, named
from fastw2v.messages.printable import plural

# If a corpus is a single document of more bytes than this, a note is printed.
LARGE_BYTES = 10**6
# Line separators in some other programs, but white space here: U+0085, U+2028, U+2029.
_SEPARATORS = {b"\xc2\x85": "U+0085", b"\xe2\x80\xa8": "U+2028", b"\xe2\x80\xa9": "U+2029"}

_TABLES, _COMPRESSED = (".csv", ".tsv"), (".gz", ".bz2", ".xz", ".zst")
# Lines without a header count as vectors (GloVe) if at least this many numbers follow the word.
_LEAST_NUMBERS = 5
_HEADER = re.compile(rb"\s*\d+[ \t]+(\d+)\s*")
_NUMBER = re.compile(rb"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
# A sentence as a string; or a list of its parts: strings, and settings as [name] or [name, value].
Note = str | list[str | list[str]]

# A CR followed by another character. In a file whose lines end with LF, such a CR does not end a line.
_LONE_CR = re.compile(rb"\r[^\r\n]")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"]{0,100}"\s*:')


class Notes:
    """Findings about the text sources read so far.

    Attributes:
        nulls: records whose text is null.
    """

    def __init__(self) -> None:
        self._begun = False
        self._modes: Counter[str] = Counter()
        self._first_of: dict[str, str] = {}
        self._carriage_returns: list[str] = []
        self._lone_returns: list[str] = []
        self._separators: set[str] = set()
        self.nulls = 0
        self._tokens = False
        self._is_utf8: dict[str, tuple[str, bool]] = {}
        self._marked: dict[str, str] = {}
        self._replaced: Counter[str] = Counter()
        self._json: list[str] = []
        self._tables: list[str] = []
        self._vectors: list[str] = []
        self._arrays: list[str] = []

    def begins(self, name: str, start: bytes, mode: str) -> None:
        """Record a new source: its first megabyte, and its document separator (`mode`)."""
        self._begun = True
        if not start:
            return
        self._modes[mode] += 1
        self._first_of.setdefault(mode, PurePath(name).name)
        found = _JSON.match(start)
        if found:
            (self._arrays if b"[" in found[0].partition(b"{")[0] else self._json).append(PurePath(name).name)
        if _is_table(PurePath(name), start):
            self._tables.append(PurePath(name).name)
        if _are_vectors(start):
            self._vectors.append(PurePath(name).name)
        self._sees_line_ends(name, start)

    def _sees_line_ends(self, name: str, start: bytes) -> None:
        if b"\n" in start:
            if b"\r" in start and _LONE_CR.search(start):
                self.has_lone_returns(name)
        else:
            self._separators.update(shown for mark, shown in _SEPARATORS.items() if mark in start)
            if b"\r" in start:
                self._carriage_returns.append(PurePath(name).name)

    def has_lone_returns(self, name: str) -> None:
        """Record a source in which lines end with LF, and CR also stands alone."""
        if PurePath(name).name not in self._lone_returns:
            self._lone_returns.append(PurePath(name).name)

    def skips_nulls(self, number: int) -> None:
        """Record that `number` records with a null text were skipped."""
        self.nulls += number

    def ignores_tokenizer(self) -> None:
        """Record that the given tokenizer is not used, since the records hold lists of tokens."""
        self._tokens = True

    def marked(self, name: str, encoding: str) -> None:
        """Record a source that is read in the encoding of its byte order mark, instead of the expected one."""
        self._marked[PurePath(name).name] = encoding

    def is_utf8(self, name: str, encoding: str, fits: bool) -> None:
        """Record a source read in `encoding`; fits: the part read is also valid UTF-8, and not plain ASCII."""
        self._is_utf8[name] = encoding, fits

    def replaced(self, name: str, number: int) -> None:
        """Record that `number` undecodable bytes of a source were replaced by U+FFFD or a space."""
        if number:
            self._replaced[PurePath(name).name] += number

    @property
    def mode(self) -> str:
        """The document separator of the sources so far: "auto" before the first, "mixed" if they differ."""
        if len(self._modes) > 1:
            return "mixed"
        return next(iter(self._modes), "line" if self._begun else "auto")

    def sentences(self, documents: int, size: int, mode: str) -> list[str]:
        """Return the notes on `documents` documents of `size` bytes in total, formatted for the current caller."""
        return list(map(said, self.recorded(documents, size, mode)))

    def recorded(self, documents: int, size: int, mode: str) -> list[Note]:
        """Return the same notes unformatted, to be stored as JSON; `said` formats them for a caller."""
        notes: list[Note] = [*self._of_reading(mode), *self._of_encodings(), *self._of_json(), *self._of_tables()]
        if documents == 1 and size > LARGE_BYTES:
            notes.append(self._of_one_document(size, mode))
        return notes

    def _of_reading(self, mode: str) -> Iterator[Note]:
        if mode == "mixed":
            cut = ", ".join(
                f"{what} in {self._modes[one]:,} (such as {self._first_of[one]})"
                for one, what in (("marker", "what <|endoftext|> separates"), ("line", "a line"))
            )
            yield [
                f"Files differ in what a document is: {cut}. ",
                ["documents", "line"],
                " would treat all alike, and so would marker.",
            ]
        if self._carriage_returns:
            yield f"{_files(self._carriage_returns)}: lines end with a carriage return (CR) alone; read as lines."
        if self._lone_returns:
            yield (
                f"{_files(self._lone_returns)}: some carriage returns (CR) stand alone, and are white space, since LF "
                "ends lines there; replace them by LF where they end lines."
            )
        if self._tokens:
            yield ["The records hold lists of tokens, which are words as they are; ", ["tokenizer"], " is not used."]
        if self.nulls:
            yield f"Skipped {plural(self.nulls, 'null text')}."

    def _of_encodings(self) -> Iterator[Note]:
        for encoding in sorted(set(self._marked.values())):
            names = [name for name, found in self._marked.items() if found == encoding]
            yield f"{_files(names)}: read as {encoding.upper()}, which the byte order mark names."
        utf8 = [PurePath(name).name for name, (_, fits) in self._is_utf8.items() if fits]
        others = [PurePath(name).name for name, (_, fits) in self._is_utf8.items() if not fits]
        if utf8:
            encoding = next(iter(self._is_utf8.values()))[0]
            valid = f"{_files(utf8)}: read as {encoding}, but valid UTF-8, which text in {encoding} hardly ever is."
            convert = f"convert {_files(others)} to UTF-8 and " if others else ""
            yield [
                f"{valid} If so, {convert}leave out ",
                ["encoding", encoding],
                ".",
            ]
        if self._replaced:
            number, files = self._replaced.total(), list(self._replaced)
            what = f"{plural(number, 'byte')} that {'is' if number == 1 else 'are'}"
            yield f"Replaced {what} not in the encoding, in {plural(len(files), 'file')}: {_files(files)}."

    def _of_json(self) -> Iterator[Note]:
        for names, what, instead in (
            (self._json, "JSON", "under a name that ends in .jsonl each line is a record."),
            (
                self._arrays,
                "a JSON array",
                "write its records one a line, under a name that ends in .jsonl, for example with: jq -c '.[]' FILE.",
            ),
        ):
            if names:
                yield (
                    f"{_files(names)}: looks like {what} and is read as plain text, names of fields and all; " + instead
                )

    def _of_tables(self) -> Iterator[Note]:
        if self._tables:
            yield [
                (
                    f"{_files(self._tables)}: a table is read as plain text, header and all columns; write its text to "
                    "a file of one document a line, or to .jsonl or Parquet, of which "
                ),
                ["field"],
                " names the column.",
            ]
        if self._vectors:
            yield [
                f"{_files(self._vectors)}: looks like vectors and is read as plain text, numbers and all; ",
                ["init_from"],
                " takes vectors to begin with.",
            ]

    def _of_one_document(self, size: int, mode: str) -> Note:
        told = f"All {size:,} bytes are 1 document, so windows go across all of it. "
        if mode in ("blank", "marker"):
            what = "blank line" if mode == "blank" else "<|endoftext|>"
            return [f"{told}There is no {what} within it; ", ["documents", "line"], " makes each line a document."]
        if self._separators:
            found = ", ".join(sorted(self._separators))
            return f"{told}It has no line end, and {found}, which is white space here; replace it."
        return f"{told}There is no line end within it; if it has several documents, put each on a line."


def said(note: Any) -> str:
    """Return a note as a sentence for the current caller. A note from a file that is not a list is converted to str."""
    if not isinstance(note, list):
        return str(note)
    return "".join(part if isinstance(part, str) else _setting(*map(str, part)) for part in note)


def _setting(name: str, value: str | None = None) -> str:
    return named(name) if value is None else given(name, value)


def _is_table(path: PurePath, start: bytes) -> bool:
    """Whether a file has a table's extension (.csv, .tsv, also compressed) and its first line has a delimiter."""
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

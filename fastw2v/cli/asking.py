"""Interactive queries: a prompt on a terminal, else one query per line of standard input.

At a prompt an error is shown and the next question asked; the end of input, an interrupt, `quit` and `exit` end it with
exit code 0. Of lines that are piped every one is a question, and one that failed makes the exit code 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from fastw2v.cli.models import key_of
from fastw2v.cli.streams import to_nowhere
from fastw2v.errors import Fastw2vError, UsageError
from fastw2v.messages.printable import shown
from fastw2v.vectors.expressions import Expression, expressions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from fastw2v.index import ApproximateIndex
    from fastw2v.keyed_vectors import KeyedVectors
    from fastw2v.vectors.keyed import Answer

_PROMPT = "similar> "
_ENDS = ("quit", "exit")
_HELP = """\
dog                    the words nearest to dog
dog cat                those of each
king - man + woman     those of a sum; spaces around + and -
"New York"             quotes make anything a word, such as "help" and "quit"
quit                   ends, as Ctrl-D does"""


class Asker:
    """Answers questions as they are typed.

    Args:
        vectors: to be asked.
        topn: words to an answer.
        restrict_vocab: answer only with so many words, the most frequent; None: with all.
        index: to be searched in their place; None: the search is exact.
    """

    def __init__(
        self, vectors: KeyedVectors, topn: int, restrict_vocab: int | None = None, index: ApproximateIndex | None = None
    ) -> None:
        self._vectors, self._topn, self._restrict_vocab, self._index = vectors, topn, restrict_vocab, index

    def answers(self, texts: Iterable[str]) -> dict[str, Answer]:
        """Return the answer to each question in some texts; see `expressions`.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: there is no word, a sum that is zero, or a number that cannot be.
        """
        asked = expressions(texts, lambda word: self._vectors.known_as(word) is not None)
        if not asked:
            raise UsageError("A word is needed, such as happy or 'king - man + woman'. Got none.")
        words = [one.positive[0] for one in asked if len(one.positive) == len(one.terms) == 1]
        if len(words) < len(asked):
            return {str(one): self._sum(one) for one in asked}
        keys = [key_of(self._vectors, word) for word in words]
        for key in keys:
            self._vectors.nonzero_direction([key])  # which warns where its vector is zero
        if self._index is not None:
            return dict(zip(words, self._index.most_similar_many(keys, self._topn), strict=True))
        found = self._vectors.most_similar_many(keys, self._topn, restrict_vocab=self._restrict_vocab)
        return dict(zip(words, found, strict=True))

    def _sum(self, question: Expression) -> Answer:
        positive, negative = (
            [key_of(self._vectors, word) for word in words] for words in (question.positive, question.negative)
        )
        if self._index is not None:
            return self._index.most_similar(positive, negative, self._topn)
        return self._vectors.most_similar(positive, negative, self._topn, restrict_vocab=self._restrict_vocab)


def converse(asker: Asker, about: str, json: bool) -> int:
    """Answer what is typed or piped; return the exit code.

    Args:
        asker: who answers.
        about: a line about the vectors, shown above a prompt.
        json: print one object a line.
    """
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="backslashreplace")  # such a word is not known, and the next line may be
    if not sys.stdin.isatty():
        return _answer_lines(asker, json)
    sys.stderr.write(f"{shown(about)} Words, or king - man + woman; help, quit.\n")
    with suppress(EOFError, KeyboardInterrupt):
        for line in _typed():
            if line in _ENDS:
                break
            if line == "help":
                sys.stderr.write(_HELP + "\n")
            else:
                _answer(asker, line, json)
        return 0
    sys.stderr.write("\n")  # after the prompt, where the terminal's own one is to stand
    return 0


def listed(best: Answer) -> list[list[Any]]:
    """Return words with their figures as JSON has them."""
    return [[str(word), value] for word, value in best]


def print_answers(found: Mapping[str, Answer], json: bool, console: Console) -> None:
    """Print answers as tables, or as one JSON object on stdout."""
    from fastw2v.cli import show

    if json:
        show.print_json({question: listed(best) for question, best in found.items()})
        return
    for question, best in found.items():
        console.print(answer_table(question, best))


def answer_table(title: str, best: Answer, of: str = "cosine") -> Table:
    """Return a table of words with their figures."""
    from fastw2v.cli import show

    return show.table(title, ["word", of], [[str(word), f"{value:.3f}"] for word, value in best])


def _answer_lines(asker: Asker, json: bool) -> int:
    failed = False
    try:
        for line in sys.stdin:
            question = line.removeprefix("\ufeff").strip()
            if question:
                failed |= not _answer(asker, question, json)
    except BrokenPipeError:  # nobody reads on, as after `| head`
        to_nowhere(sys.stdout)
    return int(failed)


def _answer(asker: Asker, question: str, json: bool) -> bool:
    """Answer one line, or say on stderr why not. Return whether it was answered."""
    from fastw2v.cli import show

    console = show.console()
    try:
        with console.capture() as captured:  # written here, where a pipe that nobody reads is to end it
            print_answers(asker.answers([question]), json, console)
        sys.stdout.write(captured.get())
        sys.stdout.flush()
    except Fastw2vError as error:
        sys.stderr.write(f"fastw2v: {shown(error)}\n")
        return False
    return True


def _typed() -> Iterator[str]:
    """Yield lines typed at the prompt, blank ones left out. Raises EOFError at the end of input."""
    # Importing it is what gives `input` history and editing; not every Python has it.
    with suppress(ImportError):
        import readline  # noqa: F401
    while True:
        line = _line().strip()
        if line:
            yield line


def _line() -> str:
    if sys.stdout.isatty():
        return input(_PROMPT)
    # Otherwise the prompt would go where the answers go.
    sys.stderr.write(_PROMPT)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line

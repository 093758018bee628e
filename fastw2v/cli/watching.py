"""Progress of `train` and `encode`."""

from __future__ import annotations

from collections.abc import Sequence

from fastw2v.cli import show
from fastw2v.messages.printable import plural, shown
from fastw2v.text.naming import what_a_document_is
from fastw2v.training.preparation import Prepared
from fastw2v.training.starting import GivenVectors
from fastw2v.views.display import Display


class Watching(Display):
    """The display of a command."""

    def prepared(
        self,
        prepared: Prepared,
        notes: Sequence[str] = (),
        given: GivenVectors | None = None,
        hints: Sequence[str] = (),
    ) -> None:
        """Print what was said while reading, what was read, what preprocessing kept and what the run begins with.

        hints: on how it will be trained.
        """
        self._board.show("", 0, None)
        for note in notes:
            self._console.print(note)
        data, corpus = prepared.preprocessed, prepared.corpus
        self._console.print(
            f"Read {shown(corpus['name'])}: {plural(data.documents, 'document')} "
            f"(a document is {what_a_document_is(corpus)}), "
            f"{plural(data.tokens_read, 'word')}, {data.distinct:,} different."
        )
        self._console.print(show.preparation_table(prepared))
        for hint in hints:
            self._console.print(hint)
        words, pairs = plural(len(data.vocabulary), "word"), plural(prepared.pairs, "training pair")
        self._console.print(f"Vocabulary {words}; about {pairs} an epoch.")
        if given is not None:
            found = given.found(data.vocabulary)
            self._console.print(f"{found:,} of them begin with their vectors in {given.name}.")
        if not len(data.held_out):
            self._console.print("Nothing is held out, so there is no validation loss.")

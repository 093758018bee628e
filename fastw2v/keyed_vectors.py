"""`KeyedVectors`, the public class of trained vectors: questions, gensim's other names, and files.

The questions are in `vectors.keyed`, gensim's other names in `gensim_compat.keyed`, files in `formats`.
"""

from __future__ import annotations

import os
from typing import Any, Self

from fastw2v.gensim_compat.keyed import GensimKeyed
from fastw2v.gensim_compat.saving import path_of
from fastw2v.system.class_methods import refuse_on_instances


class KeyedVectors(GensimKeyed):
    """Words and their vectors, to be asked, saved and loaded.

    A question is made of words, of (d,) float vectors, or of (word or vector, weight) pairs: one of them, or a list.
    A tuple that is itself a word is taken as that word. Answers leave out the words asked about, and are exact: the
    order is that of cosines in float64, at equal ones (to 12 digits) the lower row first.

    Takes and holds what `vectors.word_table.WordTable` does.

    Examples:
        >>> from fastw2v import KeyedVectors
        >>> vectors = KeyedVectors(["east", "north", "north-east"], [[1, 0], [0, 1], [1, 1]])
        >>> vectors.similarity("east", "north")
        0.0
        >>> [(word, round(cosine, 3)) for word, cosine in vectors.most_similar("east")]
        [('north-east', 0.707), ('north', 0.0)]
    """

    def save(self, fname: str | os.PathLike[str] | None = None, **theirs: Any) -> None:
        """Write words, vectors and counts, bit for bit, whole or not at all: as .npz, or under any name as safetensors.

        Args:
            fname: the file.
            theirs: gensim's arguments: `fname_or_handle` in place of `fname`, others without effect; see
                `gensim_compat.saving`.

        Raises:
            UsageError: a suffix of another form, such as .txt; a path that is no place for a file; or an argument is
                unknown.
            DataError: a word that is neither str nor int, or the system could not write.
        """
        from fastw2v.formats.vector_files import save_vectors

        save_vectors(path_of("save", fname, theirs), self)

    @classmethod
    def load(cls, fname: str | os.PathLike[str], mmap: bool | str | None = None) -> Self:
        """Read a file of vectors of any form, told by its content; see `formats.vector_files.read_vectors`.

        Args:
            fname: the file.
            mmap: True, or gensim's "r": map the vectors of a safetensors file, read-only, instead of copying them.

        Raises:
            UsageError: there is no such file, another `mmap`, or a file of another form to be mapped.
            DataError: it is damaged, or holds no vectors.
        """
        from fastw2v.formats.vector_files import load_vectors

        return cls.of(load_vectors(fname, mmap))

    @classmethod
    def from_gensim(cls, keyed: Any) -> Self:
        """Return gensim's `KeyedVectors` as ours; see `gensim_compat.exchange`."""
        from fastw2v.gensim_compat.exchange import from_gensim

        return cls.of(from_gensim(keyed))

    def to_gensim(self) -> Any:
        """Return gensim's `KeyedVectors` with these words and vectors; see `gensim_compat.exchange`."""
        from fastw2v.gensim_compat.exchange import to_gensim

        return to_gensim(self)

    def to_arrow(self) -> Any:
        """Return an Arrow table; see `formats.arrow`."""
        from fastw2v.formats.arrow import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> Any:
        """Return a pandas table; see `formats.arrow`."""
        from fastw2v.formats.arrow import to_pandas

        return to_pandas(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows; see `notebook`."""
        from fastw2v.views.notebook import vectors_html

        shown: str = vectors_html(self)
        return shown


refuse_on_instances(KeyedVectors, "load")

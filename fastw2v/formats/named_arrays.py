"""Words, vectors and counts as three named arrays, for .npz and safetensors.

    vectors   (V, d) float32 or float64
    words     (n,) uint8: one JSON list of V strings and integers, in ASCII with JSON's escapes
    counts    (V,) int64; absent where they are not known

Words are one text: in a unicode array every word takes the room of the longest, so that with one word of 65,536 letters
the 45,773 words of a Wikipedia model would take 12 GB, and 0.6 MB this way. JSON also keeps integers, and any
character, apart. Files of others may also have words as a NumPy array of strings, and vectors as float16, which become
float32.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError
from fastw2v.formats.vector_reader import LARGEST_DIMENSION
from fastw2v.messages.printable import plural
from fastw2v.vectors.keyed import WordVectors

Array = npt.NDArray[Any]

VECTORS, WORDS, COUNTS = "vectors", "words", "counts"
# What an array of unicode text is called here.
STRINGS = "str"
# What each must be: dtypes, and dimensions.
_LAYOUT = {
    VECTORS: (("float32", "float64", "float16"), 2),
    WORDS: (("uint8", STRINGS), 1),
    COUNTS: (("int64",), 1),
}
# What a model's directory holds in place of these.
_WEIGHTS = "input_vectors"
_LONGEST_INTEGER = 10_000  # bits; Python itself writes no number of 4300 digits


def to_arrays(vectors: WordVectors) -> dict[str, Array]:
    """Return the arrays by name, those that need most alignment first; the vectors are not copied.

    Raises:
        DataError: a word that is neither str nor int.
    """
    arrays: dict[str, Array] = {}
    if vectors.counts is not None:
        arrays[COUNTS] = np.asarray(vectors.counts, dtype=np.int64)
    arrays[VECTORS] = vectors.vectors
    check_words(vectors)
    arrays[WORDS] = np.frombuffer(json.dumps(vectors.index_to_key).encode("ascii"), dtype=np.uint8)
    return arrays


def check_words(words: Iterable[Hashable]) -> None:
    """Raise DataError where one is neither a string nor an integer of at most 3,000 digits."""
    for word in words:
        if isinstance(word, bool) or not isinstance(word, (str, int)):
            kind = type(word).__name__
            raise DataError(f"The item {word!r:.60} of type {kind} cannot be written; words must be str or int.")
        if isinstance(word, int) and word.bit_length() > _LONGEST_INTEGER:
            raise DataError("An integer of more than 3,000 digits cannot be written as a word.")


def check_arrays(shapes: Mapping[str, tuple[tuple[int, ...], str]], where: str) -> None:
    """Check what a file says of its arrays, before any is read.

    Args:
        shapes: shape and dtype of each, by name.
        where: the file's name, for messages.

    Raises:
        DataError: an array is missing or unknown, or of a wrong shape or dtype.
    """
    if _WEIGHTS in shapes:
        raise DataError(f"{where}: holds a model's weights without its words; give the model's directory.")
    if not {VECTORS, WORDS} <= set(shapes) <= set(_LAYOUT):
        raise DataError(f"{where}: must hold vectors and words, and may hold counts. Got {_listed(shapes)}.")
    for name, (shape, dtype) in shapes.items():
        dtypes, dimensions = _LAYOUT[name]
        if dtype not in dtypes or len(shape) != dimensions or 0 in shape:
            raise DataError(
                f"{where}: {name} must have {dimensions} dimensions of {' or '.join(dtypes)}, none of them empty. "
                f"Got shape {shape!s:.60}, {dtype:.20}."
            )
    rows, dimension = shapes[VECTORS][0]
    if dimension > LARGEST_DIMENSION:
        raise DataError(f"{where}: vectors may have {LARGEST_DIMENSION:,} numbers. Got {dimension:,}.")
    if COUNTS in shapes and shapes[COUNTS][0] != (rows,):
        raise DataError(f"{where}: {plural(rows, 'vector')} must have as many counts. Got {shapes[COUNTS][0][0]:,}.")


def from_arrays(arrays: Mapping[str, Array], where: str) -> WordVectors:
    """Return the vectors that checked arrays hold.

    Raises:
        DataError: words are no JSON list of V different strings and integers, a vector is not finite, or a count is
            below 0. The file is named.
    """
    vectors, words = arrays[VECTORS], arrays[WORDS]
    listed = words.tolist() if words.dtype.kind == "U" else _words(words.tobytes(), where)
    if vectors.dtype == np.float16:
        vectors = vectors.astype(np.float32)
    return vectors_read(listed, vectors, arrays.get(COUNTS), where)


def vectors_read(words: Sequence[Hashable], vectors: Array, counts: Array | None, where: str) -> WordVectors:
    """Return what was read from the file `where`; DataError names it."""
    if counts is not None and counts.min() < 0:
        raise DataError(f"{where}: counts must be >= 0. Got {counts.min()}.")
    try:
        return WordVectors(words, vectors, counts)
    except DataError as error:
        raise DataError(f"{where}: {error!s:.200}") from None


def _words(encoded: bytes, where: str) -> list[str | int]:
    try:
        words = json.loads(encoded)
    except (ValueError, RecursionError) as error:  # malformed, not UTF-8, an integer of thousands of digits, too deep
        raise DataError(f"{where}: words must be a JSON list: {error!s:.100}.") from None
    if not isinstance(words, list):
        raise DataError(f"{where}: words must be a JSON list. Got {type(words).__name__}.")
    for row, word in enumerate(words):
        if isinstance(word, bool) or not isinstance(word, (str, int)):
            raise DataError(f"{where}: a word must be a string or an integer. Got {word!r:.60} in row {row}.")
    return words


def _listed(names: Mapping[str, Any]) -> str:
    return f"{', '.join(sorted(names)) or 'nothing':.80}"

"""The errors that users see, one line each: what was wrong, where, the value got, one that would work.

The command line prints the line and exits with `exit_code`: 2 for wrong usage, 1 for anything else.
"""

from __future__ import annotations


class Fastw2vError(Exception):
    """Base of every error raised on purpose by this package."""

    exit_code = 1

    def __str__(self) -> str:
        # KeyError (a base of UnknownWordError) would print the message's repr.
        return str(self.args[0]) if self.args else ""


class UsageError(Fastw2vError, ValueError):
    """A call or command that cannot work whatever the data: a setting out of range, a path that is not there."""

    exit_code = 2


class DataError(Fastw2vError, ValueError):
    """Data that cannot be used: an empty corpus, bytes that are not UTF-8, a damaged model."""


class NothingToTrainError(DataError):
    """A corpus in which no word is left to train."""


class TrainingError(Fastw2vError, RuntimeError):
    """Training cannot go on, for example because a weight is no longer finite."""


class UnknownWordError(DataError, KeyError):
    """A word that is not in the vocabulary."""


class MissingExtraError(Fastw2vError, ImportError):
    """A feature whose optional dependency is not installed; the message names the extra."""


# Errors that are one of Python's own too: programs written for gensim catch those.


class WrongTypeError(UsageError, TypeError):
    """A value of a type that cannot be what it was given for."""


class MissingFileError(UsageError, FileNotFoundError):
    """A file or a directory to read that is not there."""


class NoWordsError(UsageError, ZeroDivisionError):
    """A mean of no words."""


class NotAModelError(UsageError, AttributeError):
    """A file or a method that is not a model's."""


class GoneError(UsageError, AttributeError):
    """A name of gensim's that is not here."""


class CutOffError(DataError, EOFError):
    """A file that ends before it says so."""


class EncodingError(DataError, UnicodeDecodeError):
    """Bytes that are not UTF-8; `cause` has their place."""

    def __init__(self, message: str, cause: UnicodeDecodeError) -> None:
        UnicodeDecodeError.__init__(self, cause.encoding, cause.object, cause.start, cause.end, cause.reason)
        self._message, self._cause = message, cause

    def __str__(self) -> str:
        return self._message

    def __reduce__(self) -> tuple[type[EncodingError], tuple[str, UnicodeDecodeError]]:
        return type(self), (self._message, self._cause)


class InterruptedRunError(Fastw2vError):
    """A signal ended a run that was saved before; the exit code is what a shell expects of that signal."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + number


def cannot_read(path: object, error: OSError) -> DataError | MissingFileError:
    """Return the error for a file that could not be opened or read."""
    kind = MissingFileError if isinstance(error, FileNotFoundError) else DataError
    return kind(f"Cannot read {path}: {error.strerror or error}.")

"""Fingerprints of the files of a corpus, and whether they have changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastw2v.errors import DataError
from fastw2v.files.digest import file_sha256
from fastw2v.text.sources import Source

# Files that a manifest lists one by one: about 2 MB, of the 16 that are read back.
LISTED = 10_000


@dataclass(frozen=True)
class _File:
    path: Path
    size: int
    changed: int
    number: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """Size, time of the last change and SHA-256 of each file, as stored: compressed or not."""

    files: tuple[_File, ...]

    @classmethod
    def of(cls, sources: Sequence[Source]) -> Snapshot | None:
        """Return the snapshot of these; None where one can be read only once (standard input, a pipe).

        Raises:
            DataError: a file cannot be read.
        """
        if any(source.once or source.path is None for source in sources):
            return None
        try:
            return cls(tuple(_seen(Path(source.path)) for source in sources if source.path is not None))
        except OSError as error:
            raise DataError(f"{error.filename}: cannot be read ({error.strerror or error}).") from error

    def check_unchanged(self) -> None:
        """Raise DataError where a file is not what it was."""
        for file in self.files:
            try:
                status = file.path.stat()
            except OSError as error:
                raise DataError(f"{file.path}: gone while it was read ({error.strerror}); start again.") from error
            if (status.st_size, status.st_mtime_ns, status.st_ino) != (file.size, file.changed, file.number):
                raise DataError(
                    f"{file.path}: changed while it was read ({file.size:,} bytes then, {status.st_size:,} now); "
                    "start again when it is complete."
                )

    def summary(self) -> dict[str, Any]:
        """Return the number of files, their size, and the SHA-256 of their hashes, one a line."""
        together = hashlib.sha256("".join(f"{file.sha256}\n" for file in self.files).encode()).hexdigest()
        return {"number": len(self.files), "bytes": sum(file.size for file in self.files), "sha256": together}

    def as_list(self) -> list[dict[str, Any]]:
        """Return names without folders, sizes and hashes; of more than LISTED files, what they are together."""
        if len(self.files) > LISTED:
            whole = self.summary()
            return [{"name": f"{whole['number']:,} files", "bytes": whole["bytes"], "sha256": whole["sha256"]}]
        return [{"name": file.path.name, "bytes": file.size, "sha256": file.sha256} for file in self.files]


def _seen(path: Path) -> _File:
    status = path.stat()
    return _File(path, status.st_size, status.st_mtime_ns, status.st_ino, file_sha256(path))

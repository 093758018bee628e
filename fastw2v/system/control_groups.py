"""The Linux control groups of this process, whose limits all apply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

OWN, TOP = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def folders(kind: str, own: Path = OWN, top: Path = TOP) -> Iterator[tuple[Path, int]]:
    """Yield the groups' folders that limit a kind of thing ("cpu", "memory"), and their version, 1 or 2.

    own: the file that names this process's groups; top: where all groups lie.

    Raises:
        OSError: there are no control groups here.
        ValueError: the file is none of that kind.
    """
    for line in own.read_text(encoding="utf-8").splitlines():
        _, kinds, name = line.split(":", 2)
        if kinds == "":
            root, version = top, 2
        elif kind in kinds.split(","):
            root, version = top / kind, 1
        else:
            continue
        place = root / name.lstrip("/")
        yield from ((folder, version) for folder in (place, *place.parents) if folder.is_relative_to(root))

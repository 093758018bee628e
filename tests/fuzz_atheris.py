"""The cases of `fuzzing.py`, chosen by what code they reach. Needs atheris.

    python tests/fuzz_atheris.py TARGET [options of libFuzzer, such as -runs=20000]

The bytes that libFuzzer makes are one file of the target; its first two bytes tell which, and whether it is sealed.
"""

from __future__ import annotations

import importlib
import logging
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["fastw2v.formats", "fastw2v.saved_model.storage", "fastw2v.settings",
                                         "fastw2v.text",
                                         "fastw2v.corpus.store", "fastw2v.training.checkpoints",
                                         "fastw2v.training.run_state",
                                         "fastw2v.training.checkpoint_file", "json", "tomllib"]):  # fmt: skip
    import fuzzing

    for late in ("word2vec_text", "word2vec_binary"):  # imported when they are first used, which is too late
        importlib.import_module(f"fastw2v.formats.{late}")


def main() -> None:
    """Fuzz the target named on the command line."""
    name = sys.argv.pop(1)
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as place:
        target = fuzzing.targets(Path(made))[name]
        folder, names = Path(place), sorted(target.files)
        seeds = Path(made) / "seeds"
        seeds.mkdir()
        for number, which in enumerate(names):
            (seeds / str(number)).write_bytes(bytes([number, 1]) + target.files[which])

        def one(data: bytes) -> None:
            if len(data) < 2:
                return
            fuzzing.lay(target, folder, names[data[0] % len(names)], data[2:])
            if target.seal is not None and data[1] % 2:
                target.seal(folder, random.Random(data[1]))
            fuzzing.attempt(target, folder)

        atheris.Setup([*sys.argv, str(seeds)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

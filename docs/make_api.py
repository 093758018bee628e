"""Write the API reference, made of the docstrings by pdoc: `python docs/make_api.py DIRECTORY`."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pdoc

import fastw2v

MODULES = ("fastw2v", "fastw2v.index", "fastw2v.sklearn", r"!fastw2v\.(?!(index|sklearn)$)")


def main() -> None:
    """Write one page a module, of its public names alone."""
    for name in fastw2v.__all__:  # imported at first use, which pdoc does not see
        setattr(fastw2v, name, getattr(fastw2v, name))
    for one in (fastw2v.KeyedVectors, fastw2v.Word2Vec):
        _take_over(one)
    pdoc.render.configure(docformat="google", show_source=False, footer_text=f"fastw2v {fastw2v.__version__}")
    pdoc.pdoc(*MODULES, output_directory=Path(sys.argv[1]))


def _take_over(kind: type) -> None:
    """Make inherited public members a class's own: pdoc only lists those of bases that have no page."""
    for name in dir(kind):
        if not name.startswith("_") and name not in vars(kind):
            setattr(kind, name, inspect.getattr_static(kind, name))


if __name__ == "__main__":
    main()

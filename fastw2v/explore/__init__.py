"""A model as one page for a browser: the map of its words, neighbours, analogies, losses, settings, evaluation.

    projection   words on a plane, and in groups
    tables       settings, provenance and evaluation as tables of text
    page         all of it packed into one HTML file, with what lies in assets/
    assets       the page's own HTML, style and scripts
"""

from __future__ import annotations

from fastw2v.explore.page import write_page

__all__ = ["write_page"]

"""A model as one page for a browser: the map of its words, neighbours, analogies, losses, settings, evaluation.

`views.projection` puts words on a plane and into groups, `tables` makes text of settings and evaluation, `page` packs
all of it into one HTML file, together with what lies in assets/: the page's own HTML, style and scripts.
"""

from __future__ import annotations

from fastw2v.explore.page import write_page

__all__ = ["write_page"]

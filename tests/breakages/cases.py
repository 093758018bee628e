"""All breakages, in the order of their files."""

from __future__ import annotations

from . import learning, safety, text
from .breakage import Breakage

BREAKAGES: list[Breakage] = [*learning.BREAKAGES, *text.BREAKAGES, *safety.BREAKAGES]

"""All breakages, in the order of their files."""

from __future__ import annotations

from tests.breakages import learning, safety, text
from tests.breakages.breakage import Breakage

BREAKAGES: list[Breakage] = [*learning.BREAKAGES, *text.BREAKAGES, *safety.BREAKAGES]

"""Input objectives: which rows of W_in make an example."""

from __future__ import annotations

import numpy as np

from fastw2v.batches.windows import Windows, pair_offsets
from fastw2v.objectives.interfaces import Examples, InputObjective


class SkipGram(InputObjective):
    """Each pair is an example, its input the context (Mikolov et al. 2013)."""

    name, examples_are_pairs = "skip-gram", True

    def examples(self, windows: Windows) -> Examples:
        """See `InputObjective.examples`."""
        centre, offset = pair_offsets(windows.left, windows.right)
        return Examples(windows.tokens[windows.first + centre + offset], np.arange(len(centre) + 1), centre)

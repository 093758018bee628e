"""The list of deliberate breakages is in step with the code; running them is `python -m tests.breakages`."""

from __future__ import annotations

from pathlib import Path

from breakages.breakage import file_of
from breakages.cases import BREAKAGES

ROOT = Path(__file__).resolve().parents[1]


def test_every_breakage_replaces_text_that_stands_once_and_names_tests_that_exist() -> None:
    names = [one.name for one in BREAKAGES]
    assert len(set(names)) == len(names)
    for one in BREAKAGES:
        file_of(one, ROOT)
        assert one.new != one.old, one.name
        assert one.tests, one.name
        for test in one.tests:
            assert (ROOT / test.split("::")[0]).is_file(), (one.name, test)

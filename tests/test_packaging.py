"""What the package declares is what is tested."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOWER_BOUND = re.compile(r"([\w.-]+)>=([\d.]+)")


def declared() -> dict[str, str]:
    """The lower bounds of the runtime dependencies and of what the tests need, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    own = [f"fastw2v[{names}]" for names in ("plot,hub,formats",)]
    assert own[0] in extras["test"]
    wanted = [*project["dependencies"], *extras["plot"], *extras["hub"], *extras["formats"], *extras["test"]]
    found = [LOWER_BOUND.fullmatch(line) for line in wanted if line not in own]
    assert all(found)
    return {match[1]: match[2] for match in found if match}


def test_the_extra_all_holds_every_part_that_a_user_may_want() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    match = re.fullmatch(r"fastw2v\[([\w,]+)\]", extras["all"][0])
    assert match is not None
    assert set(match[1].split(",")) == set(extras) - {"all", "bench", "test", "extras", "dev"}


def test_the_tests_run_with_the_oldest_versions_that_are_declared() -> None:
    lines = (ROOT / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    for name, bound in declared().items():
        assert re.sub(r"(\.0)+$", "", pinned[name]) == re.sub(r"(\.0)+$", "", bound), name
    assert "--constraint .ci/oldest.txt" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")

"""How many cores a process may use: its affinity, and the quotas of its control groups, of both versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v.system import control_groups, cores


def test_the_least_of_affinity_and_quotas_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, top = tmp_path / "cgroup", tmp_path / "groups"
    monkeypatch.setattr(cores, "processors", lambda: 16)
    monkeypatch.setattr(cores, "folders", lambda kind: control_groups.folders(kind, own, top))
    assert cores.usable() == 16  # no control groups
    cases: list[tuple[str, dict[str, str], int]] = [
        ("0::/", {"cpu.max": "max 100000"}, 16),
        ("0::/", {"cpu.max": "400000 100000"}, 4),
        ("0::/", {"cpu.max": "150000 100000"}, 2),
        ("0::/", {"cpu.max": "5000 100000"}, 1),
        ("0::/", {"cpu.max": "9900000 100000"}, 16),
        ("0::/", {"cpu.max": "nonsense"}, 16),
        ("0::/outer/inner", {"outer/inner/cpu.max": "max 100000", "outer/cpu.max": "300000 100000"}, 3),
        ("4:cpu,cpuacct:/", {"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ("4:cpu,cpuacct:/", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 16),
        ("4:memory:/", {"cpu.max": "100000 100000"}, 16),
    ]
    for number, (line, files, expected) in enumerate(cases):
        top = tmp_path / str(number)
        own.write_text(line + "\n")
        for name, content in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(content + "\n")
        assert cores.usable() == expected, (line, files)

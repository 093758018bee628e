"""The examples run at a small size, and their vectors beat what popularity alone tells."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "examples"


def example(name: str) -> Any:
    """Import an example from its file, as `python examples/NAME.py` does but for running it."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(printed: str) -> list[str]:
    """Return the first word of each line, without figures."""
    return [line.split()[0].rstrip(",:") for line in printed.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_short_and_has_a_test(path: Path) -> None:
    code = path.read_text(encoding="utf-8").split('"""\n', maxsplit=1)[1]  # after the page's head
    assert len(code.splitlines()) < 105
    assert f'example("{path.stem}")' in Path(__file__).read_text(encoding="utf-8")


# Items


def test_item2vec_guesses_the_next_item_better_than_popularity_and_that_better_than_chance(
    capsys: pytest.CaptureFixture[str],
) -> None:
    item2vec = example("item2vec")
    results = item2vec.main(count=2_200, items=200, interests=8, epochs=20)
    for measure in range(2):
        assert results["item2vec"][measure] > 1.3 * results["popularity"][measure]
        assert results["popularity"][measure] > results["chance"][measure]
    # Same lines as its head shows.
    printed = rows(capsys.readouterr().out)
    assert printed[1:] == rows(item2vec.__doc__)[2:]


def test_a_session_has_5_to_15_different_items_and_the_seed_decides_them() -> None:
    make = example("item2vec").make_sessions
    sessions = make(200, 50, 3, seed=1)
    assert {len(session) for session in sessions} == set(range(5, 16))
    assert all(len(set(session)) == len(session) and max(session) < 50 for session in sessions)
    assert sessions == make(200, 50, 3, seed=1) != make(200, 50, 3, seed=2)


def test_hit_rate_and_mrr_by_hand() -> None:
    from fastw2v import KeyedVectors

    item2vec = example("item2vec")
    vectors = KeyedVectors([7, 8, 9], np.array([[1, 0], [1, 1], [0, 1]], np.float32), np.array([1, 5, 3]))
    found = item2vec.measure(vectors, [[7, 9], [7, 8], [8, 404]])
    # By cosine to 7, 8 is first and 9 second; by count too. What is not known is left out.
    assert found["item2vec"] == found["popularity"] == (1.0, 0.75)
    assert found["chance"] == (1.0, pytest.approx((1 + 1 / 2 + 1 / 3) / 3))


# Graphs


def test_walks_find_missing_edges_better_than_popularity(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("networkx")
    node2vec = example("node2vec")
    results = node2vec.main(nodes=200, walks=5, length=30)
    assert set(results["communities"]) == {"popularity", *node2vec.METHODS}
    for methods in results.values():
        for name in node2vec.METHODS:
            assert np.mean(methods[name]) > np.mean(methods["popularity"]) + 0.03
    assert len(rows(capsys.readouterr().out)) == len(rows(node2vec.__doc__)) - 1


def test_a_walk_follows_edges_and_p_and_q_decide_where_to() -> None:
    nx = pytest.importorskip("networkx")
    import random

    node2vec = example("node2vec")
    graph = nx.path_graph(50)
    path = node2vec.walk(graph, 25, 20, 1e9, 1, random.Random(1))
    # Never back, so always on.
    assert len(path) == len(set(path)) == 20
    back = node2vec.walk(graph, 25, 20, 1e-9, 1, random.Random(1))
    assert len(set(back)) == 2
    # A triangle with a tail: with a large q a walk that came from 1 does not leave the triangle.
    tailed = nx.Graph([(0, 1), (1, 2), (2, 0), (0, 3)])
    walks = [node2vec.walk(tailed, 1, 9, 1, 1e9, random.Random(seed)) for seed in range(20)]
    assert all(3 not in path for path in walks)
    assert any(3 in node2vec.walk(tailed, 1, 9, 1, 1, random.Random(seed)) for seed in range(20))


def test_hidden_edges_are_gone_and_every_node_keeps_one() -> None:
    nx = pytest.importorskip("networkx")
    node2vec = example("node2vec")
    graph = node2vec.communities(100, 5, seed=1)
    left, hidden, strangers = node2vec.hide(graph, 0.2, np.random.default_rng(1))
    assert len(hidden) == len(strangers) == int(0.2 * graph.number_of_edges())
    assert nx.utils.edges_equal(nx.Graph([*left.edges, *hidden]).edges, graph.edges)
    assert min(degree for _, degree in left.degree) >= 1
    assert not any(graph.has_edge(*pair) for pair in strangers)


def test_the_auc_by_hand() -> None:
    pytest.importorskip("networkx")
    auc = example("node2vec").auc
    assert auc([3.0, 2.0], [1.0, 2.0]) == (1 + 1 + 1 + 0.5) / 4
    assert auc([1.0], [2.0]) == 0

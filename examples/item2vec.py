"""item2vec: what will a visitor look at next? Items take the place of words, and sessions that of sentences.

    python examples/item2vec.py

makes sessions of visitors who each follow one hidden interest among popular and rare items, trains on all but the last
tenth of the sessions, and guesses the last item of those from the ones before it. It prints how often that item is
among the best 10 guesses (hit rate) and the mean of 1 / its rank (MRR):

RESULT

Settings differ from those for text (Caselles-Dupré, Lesaint and Royo-Letelier 2018, "Word2vec Applied to
Recommendation: Hyperparameters Matter"): a window as long as a session, whose order means little; more epochs; and
noise items drawn by a smaller power of their counts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v import KeyedVectors, Word2Vec

Session = list[int]
Scores = npt.NDArray[np.floating]

BEST = 10
SETTINGS = {"vector_size": 48, "window": 20, "shrink_windows": False, "min_count": 1, "sample": 1e-3, "negative": 10}
NS_EXPONENT = 0.0


def make_sessions(count: int, items: int, interests: int, seed: int) -> list[Session]:
    """Return sessions of 5 to 15 different items, each item a number below `items`."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, items + 1) ** 0.8
    interest_of = rng.integers(interests, size=items)
    everything = popularity / popularity.sum()
    within = [np.where(interest_of == interest, popularity, 0) for interest in range(interests)]
    sessions = []
    for interest in rng.integers(interests, size=count):
        # Three quarters of what a visitor sees is what interests them, the rest what everybody sees.
        chances = 0.75 * within[interest] / within[interest].sum() + 0.25 * everything
        length = rng.integers(5, 16)
        sessions.append(rng.choice(items, size=length, replace=False, p=chances).tolist())
    return sessions


def train(sessions: list[Session], epochs: int, ns_exponent: float = NS_EXPONENT) -> KeyedVectors:
    """Return the items' vectors."""
    return Word2Vec(**SETTINGS, ns_exponent=ns_exponent, epochs=epochs).fit(sessions).wv


def item2vec_scores(vectors: KeyedVectors, seen: Session) -> Scores:
    """How near each item is to the mean of those seen: (V,), in the order of the rows."""
    rows = [vectors.key_to_index[item] for item in seen if item in vectors]
    return vectors.unit_vectors @ vectors.unit_vectors[rows].mean(axis=0)


def measure(vectors: KeyedVectors, sessions: list[Session]) -> dict[str, tuple[float, float]]:
    """Return hit rate and MRR of guessing the last item, by item2vec, by popularity and by chance."""
    assert vectors.counts is not None
    guesses = {"item2vec": lambda seen: item2vec_scores(vectors, seen), "popularity": lambda seen: vectors.counts}
    ranks: dict[str, list[int]] = {name: [] for name in guesses}
    for *seen, last in sessions:
        if last not in vectors:
            continue
        for name, guess in guesses.items():
            scores = guess(seen).astype(float)
            scores[[vectors.key_to_index[item] for item in seen if item in vectors]] = -np.inf
            ranks[name].append(1 + int((scores > scores[vectors.key_to_index[last]]).sum()))
    found = {name: np.array(own) for name, own in ranks.items()}
    found["chance"] = np.arange(1, len(vectors) + 1)
    return {name: (float((own <= BEST).mean()), float((1 / own).mean())) for name, own in found.items()}


def main(count: int = 20_000, items: int = 2_000, interests: int = 40, epochs: int = 15, seed: int = 1) -> None:
    """Make sessions, train, measure, print."""
    sessions = make_sessions(count, items, interests, seed)
    held_out = count // 10
    vectors = train(sessions[:-held_out], epochs)
    print(f"{count - held_out:,} sessions to train on, {held_out:,} to guess the last of {items:,} items")
    print(f"{'':12}hit rate @{BEST}      MRR")
    for name, (hit_rate, mrr) in measure(vectors, sessions[-held_out:]).items():
        print(f"{name:12}{hit_rate:12.3f}{mrr:9.3f}")


if __name__ == "__main__":
    main()

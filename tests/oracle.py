"""The oracle: skip-gram with negative sampling from token lists to final weights, in loops over numbers.

It exists to be seen right, not to be fast. It imports nothing from the package it judges and shares no helper
with it: where the two agree, two independent readings of one contract agree. Everything is float64 (Python's
float) or an exact integer. Functions stand in the order of a run: randomness, vocabulary, subsampling, pairs,
gradients, step, training.

A `settings` argument is any object with the attributes vector_size, window, negative, ns_exponent, min_count,
sample, alpha, min_alpha, epochs, seed, batch_size, schedule ("linear", "exponential", "constant"), decay,
gradient_clip, init ("uniform", "xavier", "he"), sigmoid_clip, noise ("grouped",
"shared", "per-pair"), shrink_windows.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Rows = list[list[float]]
WORD = 2**32
INIT, KEEP, RADIUS, NOISE = 0, 1, 2, 3  # the stream numbers of the draws


class Token(NamedTuple):
    """Index in the training stream (before tokens are dropped), and the word's index in the vocabulary."""

    position: int
    word: int


class Pair(NamedTuple):
    """An input word, an output word (the centre), and all K noise words, with those equal to the output."""

    input: int
    output: int
    noise: tuple[int, ...]


class Centre(NamedTuple):
    """A kept token as a centre, with its pairs from the leftmost context word to the rightmost, if any."""

    position: int
    pairs: list[Pair]


GROUPED = 8  # grouped noise: at most so many centres share noise words, so far apart


@dataclass
class Gradients:
    """Summed over a batch: the loss, and by row the gradient and n, the number of terms that went into it."""

    loss: float = 0.0
    w_in: dict[int, list[float]] = field(default_factory=dict)
    w_out: dict[int, list[float]] = field(default_factory=dict)
    n_in: dict[int, int] = field(default_factory=dict)
    n_out: dict[int, int] = field(default_factory=dict)


@dataclass
class OracleRun:
    """What a training run comes to."""

    words: list[str]
    counts: list[int]
    w_in: Rows
    w_out: Rows
    losses: list[float] = field(default_factory=list)  # by epoch: mean of L over pairs, nan without pairs
    pairs: list[int] = field(default_factory=list)  # by epoch: how many
    batch_losses: list[float] = field(default_factory=list)  # by batch, over the run: sum of L
    learning_rates: list[float] = field(default_factory=list)  # by batch, over the run
    kept_positions: list[list[int]] = field(default_factory=list)  # by epoch


# Randomness.


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """Philox4x32-10: four uint32 from a counter of four and a key of two (Salmon et al. 2011, Random123)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        left, right = 0xD2511F53 * c0, 0xCD9E8D57 * c2  # 64-bit products
        c0, c1, c2, c3 = (right >> 32) ^ c1 ^ k0, right % WORD, (left >> 32) ^ c3 ^ k1, left % WORD
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def draw(seed: int, epoch: int, stream: int, n: int) -> int:
    """Draw number n of (seed, epoch, stream), a uint32: word n % 4 of block n // 4."""
    block = n // 4
    return philox((block % WORD, block // WORD, epoch, stream), (seed % WORD, seed // WORD))[n % 4]


def initial_weights(n_words: int, d: int, seed: int, init: str) -> Rows:
    """W_in at the start, from u = draw / 2^32 in [0, 1), counter row * d + column. (W_out starts at zero.)"""

    def weight(row: int, column: int) -> float:
        u = draw(seed, 0, INIT, row * d + column) / WORD
        return {
            "uniform": (u - 0.5) / d,
            "xavier": (2 * u - 1) * math.sqrt(6 / (n_words + d)),
            "he": (2 * u - 1) * math.sqrt(6 / d),
        }[init]

    return [[weight(row, column) for column in range(d)] for row in range(n_words)]


# Vocabulary and subsampling.


def build_vocabulary(
    documents: Iterable[Sequence[str]], min_count: int, stop_words: Collection[str] = ()
) -> tuple[list[str], list[int]]:
    """Words and counts, by count descending, then by first appearance."""
    counts: dict[str, int] = {}  # in order of first appearance
    for document in documents:
        for word in document:
            if word not in stop_words:
                counts[word] = counts.get(word, 0) + 1
    words = [word for word in counts if counts[word] >= min_count]
    words.sort(key=lambda word: -counts[word])  # stable: ties stay in order of first appearance
    return words, [counts[word] for word in words]


def encode(documents: Iterable[Sequence[str]], words: Sequence[str]) -> list[list[Token]]:
    """The training stream: by document, the tokens in the vocabulary, numbered through all documents."""
    index = {word: i for i, word in enumerate(words)}
    encoded: list[list[Token]] = []
    position = 0
    for document in documents:
        encoded.append([])
        for word in document:
            if word in index:
                encoded[-1].append(Token(position, index[word]))
                position += 1
    return encoded


def keep_thresholds(counts: Sequence[int], sample: float) -> list[int]:
    """floor(p * 2^32 + 0.5), p = min(1, sqrt(t / f) + t / f), f the word's share of stream, t = sample."""
    thresholds = []
    for count in counts:
        ratio = sample / (count / sum(counts))
        p = min(1.0, math.sqrt(ratio) + ratio) if sample > 0 else 1.0
        thresholds.append(min(WORD, math.floor(p * WORD + 0.5)))
    return thresholds


def kept_documents(
    stream: Iterable[Sequence[Token]], thresholds: Sequence[int], seed: int, epoch: int
) -> list[list[Token]]:
    """The documents closed up: a token stays iff its draw is below its word's threshold."""
    return [
        [token for token in document if draw(seed, epoch, KEEP, token.position) < thresholds[token.word]]
        for document in stream
    ]


# Pairs.


def noise_thresholds(counts: Sequence[int], ns_exponent: float) -> list[int]:
    """T_i = floor(cum_i / total * 2^32 + 0.5), cum the running sum of count ** ns_exponent; the last 2^32."""
    cumulative: list[float] = []
    running = 0.0
    for count in counts:
        running += float(count) ** ns_exponent
        cumulative.append(running)
    return [math.floor(cum / running * WORD + 0.5) for cum in cumulative[:-1]] + [WORD]


def noise_word(thresholds: Sequence[int], drawn: int) -> int:
    """The first word i with drawn < T_i."""
    return next(i for i, threshold in enumerate(thresholds) if drawn < threshold)


def window_radius(seed: int, epoch: int, position: int, window: int, shrink: bool) -> int:
    """Uniform on 1..window, or window itself where windows do not shrink."""
    return 1 + ((draw(seed, epoch, RADIUS, position) * window) >> 32) if shrink else window


def pairs_of_centre(
    document: Sequence[Token], i: int, radius: int, thresholds: Sequence[int], settings: Any, epoch: int, owner: int
) -> list[Pair]:
    """The pairs (input context word, output centre word) of kept token i of its closed-up document.

    Noise counters, with the centre's position: shared noise position * K + k, so that all pairs of a window
    have the same K words; grouped noise the same with `owner`, the position of the centre whose words this one
    uses; per-pair noise (position * 2 * window + slot) * K + k, where offsets -window..-1 are slots
    0..window - 1 and offsets 1..window are slots window..2 * window - 1, whatever the radius.
    """
    window, n_noise = settings.window, settings.negative
    position, centre = document[i]
    pairs = []
    for offset in range(-radius, radius + 1):
        if offset == 0 or not 0 <= i + offset < len(document):
            continue
        slot = offset + window if offset < 0 else offset + window - 1
        counters = {"grouped": owner, "shared": position, "per-pair": position * 2 * window + slot}
        first = counters[settings.noise] * n_noise
        draws = [draw(settings.seed, epoch, NOISE, first + k) for k in range(n_noise)]
        noise = tuple(noise_word(thresholds, drawn) for drawn in draws)
        pairs.append(Pair(document[i + offset].word, centre, noise))
    return pairs


def pairs_of_epoch(
    kept: Iterable[Sequence[Token]], thresholds: Sequence[int], settings: Any, epoch: int
) -> list[Centre]:
    """Every kept token as a centre, in stream order, with its pairs (noise by `thresholds`)."""
    centres: list[Centre] = []
    kept = list(kept)
    positions = [token.position for document in kept for token in document]
    for document in kept:
        for i, (position, _) in enumerate(document):
            radius = window_radius(settings.seed, epoch, position, settings.window, settings.shrink_windows)
            owner = positions[noise_owner(len(centres), settings)]
            pairs = pairs_of_centre(document, i, radius, thresholds, settings, epoch, owner)
            centres.append(Centre(position, pairs))
    return centres


def noise_owner(centre: int, settings: Any) -> int:
    """The centre of the epoch whose noise words this one uses, with grouped noise.

    A batch falls into blocks of up to 8 rows of 8 centres, row by row; the last may be unfinished. A column of a block
    uses the words of its first centre. There are fewer rows where the pairs of a column, on the average, would be more
    than 1.6 / alpha.
    """
    pairs = settings.window + 1 if settings.shrink_windows else 2 * settings.window
    rows = next((n for n in range(GROUPED, 1, -1) if n <= 1.6 / (settings.alpha * pairs)), 1)
    batch_size = int(settings.batch_size)
    first_of_batch = centre - centre % batch_size
    block, place = divmod(centre % batch_size, rows * GROUPED)
    return first_of_batch + block * rows * GROUPED + place % GROUPED


def batches_of_epoch(centres: Sequence[Centre], batch_size: int) -> list[Sequence[Centre]]:
    """`batch_size` consecutive centres each, those without pairs counted; the last batch may be shorter."""
    return [centres[first : first + batch_size] for first in range(0, len(centres), batch_size)]


# Gradients and step.


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


def score(v: Sequence[float], u: Sequence[float], sigmoid_clip: float) -> float:
    """v . u, clipped to +-sigmoid_clip."""
    return max(-sigmoid_clip, min(sigmoid_clip, sum(a * b for a, b in zip(v, u, strict=True))))


def gradients(w_in: Rows, w_out: Rows, pairs: Iterable[Pair], sigmoid_clip: float) -> Gradients:
    """Loss and gradients summed over pairs, all at the same weights, before cap and clip.

    L = -log sigma(s_o) - sum_k log(1 - sigma(s_k)), s_o and s_k the input's scores against output and noise;
    dL/ds_o = sigma(s_o) - 1 and dL/ds_k = sigma(s_k). A noise word equal to the output is no term at all.
    """
    total = Gradients()
    for pair in pairs:
        v = w_in[pair.input]
        total.n_in[pair.input] = total.n_in.get(pair.input, 0) + 1
        terms = [(pair.output, 1)] + [(noise, 0) for noise in pair.noise if noise != pair.output]
        for row, label in terms:
            u = w_out[row]
            s = score(v, u, sigmoid_clip)
            # -log sigma(s) = log(1 + exp(-s)) and -log(1 - sigma(s)) = log(1 + exp(s))
            total.loss += math.log1p(math.exp(-s if label else s))
            derivative = sigmoid(s) - label
            add_to_row(total.w_in, pair.input, derivative, u)
            add_to_row(total.w_out, row, derivative, v)
            total.n_out[row] = total.n_out.get(row, 0) + 1
    return total


def add_to_row(rows: dict[int, list[float]], row: int, factor: float, vector: Sequence[float]) -> None:
    """rows[row] += factor * vector, from zero where the row is new."""
    old = rows.get(row, [0.0] * len(vector))
    rows[row] = [a + factor * b for a, b in zip(old, vector, strict=True)]


def capped_and_clipped(gradient: Sequence[float], n: int, cap: float, gradient_clip: float) -> list[float]:
    """A row's summed gradient times min(1, cap / n); then, if gradient_clip > 0, cut to that L2 norm."""
    capped = [g * min(1.0, cap / n) for g in gradient]
    norm = math.sqrt(sum(g * g for g in capped))
    if gradient_clip > 0 and norm > gradient_clip:
        return [g * (gradient_clip / norm) for g in capped]
    return capped


def step(w_in: Rows, w_out: Rows, pairs: Iterable[Pair], lr: float, cap: float, settings: Any) -> float:
    """One batch, in place: sum, cap, clip, times lr, subtract. Returns its loss, at the weights before it.

    An input row's n counts pairs of 1 + K terms each; beyond K = 5 its cap is smaller in that proportion.
    """
    total = gradients(w_in, w_out, pairs, settings.sigmoid_clip)
    cap_in = cap / max(1.0, (1 + settings.negative) / 6)
    for weights, grads, ns, limit in ((w_in, total.w_in, total.n_in, cap_in), (w_out, total.w_out, total.n_out, cap)):
        for row, gradient in grads.items():
            g = capped_and_clipped(gradient, ns[row], limit, settings.gradient_clip)
            weights[row] = [w - lr * slope for w, slope in zip(weights[row], g, strict=True)]
    return total.loss


# Training.


def learning_rate(settings: Any, epoch: int, position: int, n_stream: int) -> float:
    """The rate of a batch whose first centre stands at `position` in the stream; never below min_alpha."""
    alpha, min_alpha = float(settings.alpha), float(settings.min_alpha)
    progress: float = (epoch * n_stream + position) / (settings.epochs * n_stream)
    rate = {
        "linear": alpha + (min_alpha - alpha) * progress,
        "exponential": alpha * float(settings.decay) ** epoch,
        "constant": alpha,
    }[settings.schedule]
    return max(min_alpha, rate)


def train(
    documents: Sequence[Sequence[str]], settings: Any, *, step_limit: float, stop_words: Collection[str] = ()
) -> OracleRun:
    """The whole run.

    A batch at the learning rate lr scales each row's summed gradient by min(1, cap / n) with cap = step_limit / lr, so
    that no row moves by more than step_limit / n times its sum; math.inf turns it off.
    """
    words, counts = build_vocabulary(documents, settings.min_count, stop_words)
    stream = encode(documents, words)
    d = settings.vector_size
    w_in, w_out = initial_weights(len(words), d, settings.seed, settings.init), [[0.0] * d for _ in words]
    run = OracleRun(words, counts, w_in, w_out)
    keep, noise = keep_thresholds(counts, settings.sample), noise_thresholds(counts, settings.ns_exponent)
    for epoch in range(settings.epochs):
        centres = pairs_of_epoch(kept_documents(stream, keep, settings.seed, epoch), noise, settings, epoch)
        run.kept_positions.append([centre.position for centre in centres])
        epoch_loss, n_pairs = 0.0, 0
        for batch in batches_of_epoch(centres, settings.batch_size):
            lr = learning_rate(settings, epoch, batch[0].position, sum(counts))
            pairs = [pair for centre in batch for pair in centre.pairs]
            loss = step(w_in, w_out, pairs, lr, step_limit / lr if lr else math.inf, settings)
            run.batch_losses.append(loss)
            run.learning_rates.append(lr)
            epoch_loss += loss
            n_pairs += len(pairs)
        run.losses.append(epoch_loss / n_pairs if n_pairs else math.nan)
        run.pairs.append(n_pairs)
    return run

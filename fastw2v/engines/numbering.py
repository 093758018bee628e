"""Numbers the rows that each batch touches and counts their terms, compiled.

It depends on tokens and noise words alone, not on weights, so the batches of a block can be numbered by any thread,
in any order, before they are trained on. Knows the arrays of `layout`; nothing of vectors.
"""

from __future__ import annotations

import numpy as np

from fastw2v.engines.jit import jit, part


@part
def number_row(word, base, stamps, rows, used):
    """Return the word's row number in the batch, how many numbers are used now, and 0 if it is new, else -1.

    stamps[word] is base + number for words numbered in this batch, less than base for others. Branches on what is new
    would be mispredicted every second time, and took half of the time of numbering. So there are none: rows has one
    place more than it needs, and the answer is a mask.
    """
    word = np.uintp(word)
    slot = stamps[word] - base
    rows[np.uintp(used)] = word
    new = slot < 0
    slot = used if new else slot
    stamps[word] = base + slot
    # Unsigned: no code for indices from the end.
    return np.uintp(slot), used + new, np.int64(new) - 1


@jit
def number_contexts(block, numbers, stamps, base, in_slots, batch, start, stop):
    """Number the context words of the centres start..stop-1 and count the pairs of each; return how many there are."""
    rows, terms = numbers.rows_in[batch], numbers.terms_in[batch]
    low = max(0, block.first + start - block.reach)
    high = min(len(block.tokens), block.first + stop + block.reach)
    tokens, left, right, contexts = block.tokens, block.left, block.right, numbers.contexts
    used = 0
    for place in range(low, high):
        slot, used, known = number_row(tokens[place], base, stamps, rows, used)
        in_slots[place - low] = slot
        terms[slot] &= known
    pair = block.pair_start[start]
    for centre in range(start, stop):
        at = block.first + centre - low
        for place in range(at - left[centre], at):
            contexts[pair] = in_slots[place]
            terms[in_slots[place]] += 1
            pair += 1
        for place in range(at + 1, at + 1 + right[centre]):
            contexts[pair] = in_slots[place]
            terms[in_slots[place]] += 1
            pair += 1
    return used


@jit
def number_terms(block, numbers, stamps, base, seen, batch, start, stop):
    """Number the output and noise words of the windows start..stop-1 and count their terms; return how many there are.

    A window is `irregular` if one of its words occurs twice. `shared` marks words that occur in more than one place.
    """
    rows, terms, shared = numbers.rows_out[batch], numbers.terms_out[batch], numbers.shared_out[batch]
    noise, outputs, window_start = block.noise, block.outputs, block.window_start
    slots, irregular = numbers.terms, numbers.irregular
    negative, used = noise.shape[1], 0
    for window in range(start, stop):
        pairs = window_start[window + 1] - window_start[window]
        output, used, known = number_row(outputs[window], base, stamps, rows, used)
        slots[window, 0] = output
        terms[output] = pairs + (terms[output] & known)
        shared[output] = known != 0
        seen[output] = window
        repeated = False
        for k in range(negative):
            slot, used, known = number_row(noise[window, k], base, stamps, rows, used)
            slots[window, 1 + k] = slot
            # A noise word equal to the output does not count.
            terms[slot] = (0 if slot == output else pairs) + (terms[slot] & known)
            shared[slot] = known != 0
            repeated |= (known != 0) & (seen[slot] == window)
            seen[slot] = window
        irregular[window] = repeated
    return used


@jit
def sort_terms(numbers, batch, start, stop, ends):
    """Sort the terms of the windows start..stop-1, which are pairs, by row of W_out; ends is overwritten."""
    terms, contexts, count = numbers.terms, numbers.contexts, numbers.terms.shape[1]
    end = start * count
    for row in range(numbers.used[batch, 1]):
        ends[row] = end
        end += numbers.terms_out[batch, row]
    for pair in range(start, stop):
        for k in range(count):
            slot = np.uintp(terms[pair, k])
            if k == 0 or terms[pair, k] != terms[pair, 0]:  # a noise word equal to the output does not count
                place = np.uintp(ends[slot])
                numbers.sorted_contexts[place] = contexts[pair]
                numbers.sorted_terms[place] = (pair - start) * count + k
                ends[slot] += 1


@jit
def number_batches(block, numbers, stamps, batch_size, first, last):
    """Number the batches first..last-1 of a block."""
    for batch in range(first, last):
        start, stop = batch * batch_size, min((batch + 1) * batch_size, len(block.left))
        base = stamps.base[0]
        # Above every number that a batch can give, so that its stamps are old ones for the next.
        stamps.base[0] = base + max(numbers.rows_in.shape[1], numbers.rows_out.shape[1])
        numbers.used[batch, 0] = number_contexts(
            block, numbers, stamps.words_in, base, stamps.in_slots, batch, start, stop
        )
        first_window, last_window = windows_of(block, start, stop)
        numbers.used[batch, 1] = number_terms(
            block, numbers, stamps.words_out, base, stamps.seen, batch, first_window, last_window
        )
        if block.per_pair:
            sort_terms(numbers, batch, first_window, last_window, stamps.seen)
            numbers.shared_out[batch] = False  # all are read before any is changed


@jit
def windows_of(block, start, stop):
    """Return the windows of the centres start..stop-1: the centres themselves, or with per-pair noise their pairs."""
    if block.per_pair:
        return np.intp(block.pair_start[start]), np.intp(block.pair_start[stop])
    return np.intp(start), np.intp(stop)

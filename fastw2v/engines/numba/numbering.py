"""Number the rows that each batch touches and count their terms, compiled.

It depends on tokens and noise words alone, not on weights, so the batches of a block can be numbered by any thread, in
any order, before they are trained on.
"""

from __future__ import annotations

import numpy as np

from fastw2v.jit.compiler import callee, inline_llvm, inline_source


@inline_llvm
def number_row(word, base, stamps, rows, terms, used):
    """Return the word's row number in the batch, and how many numbers are used now.

    stamps[word] is base + number for words numbered in this batch, less than base for others. Branches on what is new
    would be mispredicted every second time, and took half of the time of numbering. So there are none: what a new
    number needs is written to the next free place each time; rows and terms have one place more than they need.
    """
    word = np.uintp(word)
    slot = stamps[word] - base
    rows[np.uintp(used)] = word
    terms[np.uintp(used)] = 0
    new = slot < 0
    slot = used if new else slot
    stamps[word] = base + slot
    # Unsigned: no code for indices from the end.
    return np.uintp(slot), used + new


@callee
def number_contexts(block, numbers, stamps, base, in_slots, changes, batch, start, stop):
    """Number the context words of the centres start..stop-1 and count the pairs of each; return how many there are."""
    rows, terms = numbers.rows_in[batch], numbers.terms_in[batch]
    low = max(0, block.first + start - block.reach)
    high = min(len(block.tokens), block.first + stop + block.reach)
    changes[: high - low + 1] = 0
    tokens, used = block.tokens, 0
    for place in range(low, high):
        slot, used = number_row(tokens[place], base, stamps, rows, terms, used)
        in_slots[place - low] = slot
    list_contexts(block, numbers.contexts, in_slots, changes, low, start, stop)
    windows = np.int64(0)
    for place in range(high - low):
        windows += changes[place]
        terms[in_slots[place]] += windows
    return used


@inline_llvm
def list_contexts(block, contexts, in_slots, changes, low, start, stop):
    """Write the row numbers of the pairs' contexts; add to `changes` by how much more windows hold each token.

    Windows' sizes are random: loops that end with them were mispredicted twice a centre. So `reach` numbers are copied
    each time, and what is too many is overwritten by the next, but for the batch's last ones.
    """
    left, right, reach = block.left, block.right, block.reach
    pair, end = block.pair_start[start], block.pair_start[stop]
    for centre in range(start, stop):
        at = block.first + centre - low
        before, after = np.intp(left[centre]), np.intp(right[centre])
        changes[at - before] += 1
        changes[at] -= 1
        changes[at + 1] += 1
        changes[at + 1 + after] -= 1
        inside = pair + before + reach <= end
        pair = copy_slots(in_slots, at - before, contexts, pair, before, reach if inside else before)
        pair = copy_slots(in_slots, at + 1, contexts, pair, after, reach if inside else after)


@inline_llvm
def copy_slots(source, first, target, place, count, most):
    """Copy `most` numbers; return the place behind the first `count` of them."""
    for i in range(most):
        target[np.uintp(place + i)] = source[np.uintp(first + i)]
    return place + count


@callee
def number_terms(block, numbers, stamps, base, seen, batch, start, stop):
    """Number the output and noise words of the windows start..stop-1 and count their terms.

    Return how many there are, and how many terms repeat one of their window. All in one function: the references of
    arrays that are handed to others in a loop were counted, and numbering took half as long again.
    """
    rows, terms = numbers.rows_out[batch], numbers.terms_out[batch]
    noise, outputs, window_start = block.noise, block.outputs, block.window_start
    slots, negative = numbers.terms, noise.shape[1]
    used, repeats = 0, start * negative
    grouped = len(block.noise_of) > 0
    for window in range(start, stop):
        pairs = window_start[window + 1] - window_start[window]
        output, used = number_row(outputs[window], base, stamps, rows, terms, used)
        slots[window, 0] = output
        terms[output] += block.racing * pairs
        seen[output] = window
        row, other = window, np.int64(-1)
        if grouped:
            row = block.noise_of[window]
            other = numbers.window_of[row]
            numbers.window_of[row] = window
        if start <= other < window:  # these words have their numbers
            for k in range(1, 1 + negative):
                slots[window, k] = slots[other, k]
        else:
            for k in range(negative):
                seen[used] = -1
                slot, used = number_row(noise[row, k], base, stamps, rows, terms, used)
                slots[window, 1 + k] = slot
        for k in range(1, 1 + negative):
            slot = slots[window, k]
            # A noise word equal to the output does not count.
            terms[slot] += 0 if slot == output else pairs
            if seen[slot] == window:
                earlier = 0
                while slots[window, earlier] != slot:
                    earlier += 1
                repeat = numbers.repeats[repeats]
                repeat[0], repeat[1], repeat[2] = window, earlier, k
                repeats += 1
            seen[slot] = window
    if block.racing > 1:
        for slot in range(used):
            terms[slot] += block.others_noise[rows[slot]]
    return used, repeats - start * negative


@callee
def number_pairs(block, numbers, stamps, base, batch, start, stop):
    """Do as `number_terms` where each pair of the centres start..stop-1 has noise words of its own.

    Rows are pulled one by one then, so that no term that repeats matters but a noise word equal to the output. With
    `number_terms`, numbering took 1.4 times as long.
    """
    rows, terms = numbers.rows_out[batch], numbers.terms_out[batch]
    noise, outputs, pair_start = block.noise, block.outputs, block.pair_start
    slots, negative = numbers.terms, noise.shape[1]
    first = pair_start[start] * negative
    used, repeats = 0, first
    for centre in range(start, stop):
        pairs = range(pair_start[centre], pair_start[centre + 1])
        if len(pairs) == 0:
            continue
        output, used = number_row(outputs[pairs.start], base, stamps, rows, terms, used)
        terms[output] += len(pairs)
        for pair in pairs:
            slots[pair, 0] = output
            for k in range(negative):
                slot, used = number_row(noise[pair, k], base, stamps, rows, terms, used)
                slots[pair, 1 + k] = slot
                terms[slot] += slot != output
                if slot == output:  # does not count
                    repeat = numbers.repeats[repeats]
                    repeat[0], repeat[1], repeat[2] = pair, 0, 1 + k
                    repeats += 1
    return used, repeats - first


@callee
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


@inline_source
def number_batches(block, numbers, stamps, batch_size, first, last):
    """Number the batches first..last-1 of a block."""
    for batch in range(first, last):
        start, stop = batch * batch_size, min((batch + 1) * batch_size, len(block.left))
        base = stamps.base[0]
        # Above every number that a batch can give, so that its stamps are old ones for the next.
        stamps.base[0] = base + max(numbers.rows_in.shape[1], numbers.rows_out.shape[1])
        numbers.used[batch, 0] = number_contexts(
            block, numbers, stamps.words_in, base, stamps.in_slots, stamps.changes, batch, start, stop
        )
        first_window, last_window = windows_of(block, start, stop)
        if block.per_pair:
            numbers.used[batch, 1], numbers.used[batch, 2] = number_pairs(
                block, numbers, stamps.words_out, base, batch, start, stop
            )
            sort_terms(numbers, batch, first_window, last_window, stamps.seen)
        else:
            numbers.used[batch, 1], numbers.used[batch, 2] = number_terms(
                block, numbers, stamps.words_out, base, stamps.seen, batch, first_window, last_window
            )


@callee
def windows_of(block, start, stop):
    """Return the windows of the centres start..stop-1: the centres themselves, or with per-pair noise their pairs."""
    if block.per_pair:
        return np.intp(block.pair_start[start]), np.intp(block.pair_start[stop])
    return np.intp(start), np.intp(stop)

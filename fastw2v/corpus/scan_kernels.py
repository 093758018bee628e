"""Compiled kernels that tokenise a piece of UTF-8 text and number its tokens.

A piece is numbered by itself first (`scan`): its *items*, distinct tokens and runs that only the tokeniser can cut, are
numbered from 0 as they appear. That needs nothing of other pieces, so pieces can be scanned side by side. Then, piece
by piece in order, items become ids (`insert`) and tokens are renumbered (`expand`): the same ids whoever scanned.

Items are kept as bytes in 64-bit words, the last one filled up with zeros: compared and hashed eight bytes at a time.
"""

from __future__ import annotations

import numpy as np

from fastw2v.corpus.bytes64 import first_bytes, in_words, load, lower_case, lowest, store, visible
from fastw2v.corpus.char_classes import APOSTROPHE, END, HARD, LONGER
from fastw2v.jit.compiler import callee, inline_llvm, jit

# Smallest table of a piece's items; it grows as they come.
SMALLEST_TABLE = 1 << 13
# Places of a table for each item, at least: fewer are found at the second place, which no processor foresees.
ROOM = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


@inline_llvm
def mixed(value, word):
    """Return a hash of what has the hash `value` and one more word."""
    value = (value ^ word) * _MIX
    return value ^ value >> np.uint64(29)


@inline_llvm
def hash_words(words, start, stop):
    """Return a hash of words[start:stop]."""
    value = np.uint64(stop - start)
    for i in range(start, stop):
        value = mixed(value, words[i])
    return value


@inline_llvm
def find(table, mask, hashes, starts, words, value, asked, start, stop):
    """Return the place in the table of the item asked[start:stop] with this hash, or where it would go.

    table: item numbers, -1 for none. starts: where each item begins in `words`; the next begins where it ends.
    """
    place = np.intp(value & np.uint64(mask))
    size = stop - start
    while True:
        item = table[place]
        if item < 0:
            return place
        if hashes[item] == value and starts[item + 1] - starts[item] == size:
            same, first = True, starts[item]
            for i in range(size):
                same &= words[first + i] == asked[start + i]
            if same:
                return place
        place = (place + 1) & mask


@jit
def rehash(table, mask, hashes, count):
    """Fill the first mask + 1 places of the table with the items 0..count-1."""
    table[: mask + 1] = -1
    for item in range(count):
        place = np.intp(hashes[item] & np.uint64(mask))
        while table[place] >= 0:
            place = (place + 1) & mask
        table[place] = item


@inline_llvm
def decode(text, i):
    """Return the character whose UTF-8 begins at text[i], and its length in bytes."""
    a = np.intp(text[i])
    if a < 0xE0:
        return (a & 0x1F) << 6 | (np.intp(text[i + 1]) & 0x3F), 2
    if a < 0xF0:
        return (a & 0x0F) << 12 | (np.intp(text[i + 1]) & 0x3F) << 6 | (np.intp(text[i + 2]) & 0x3F), 3
    return 0x10000, 4


@inline_llvm
def put(out, at, code):
    """Write a character below 0x10000 as UTF-8 to out[at:]; return where it ends."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at] = 0xC0 | code >> 6
        out[at + 1] = 0x80 | code & 0x3F
        return at + 2
    out[at] = 0xE0 | code >> 12
    out[at + 1] = 0x80 | code >> 6 & 0x3F
    out[at + 2] = 0x80 | code & 0x3F
    return at + 3


@inline_llvm
def number_item(table, mask, hashes, starts, words, counts, hard, items, value, start, stop, is_hard):
    """Count the item words[start:stop]; return its number, how many items there are now, and the table's mask."""
    place = find(table, mask, hashes, starts, words, value, words, start, stop)
    item = np.intp(table[place])
    if item < 0:
        item = items
        table[place] = item
        hashes[item], counts[item], hard[item] = value, 0, is_hard
        starts[item + 1] = stop
        items += 1
        if ROOM * items > mask:
            mask = 2 * mask + 1
            rehash(table, mask, hashes, items)
    counts[item] += 1
    return item, items, mask


@inline_llvm
def read_run(text, i, characters, out, at, address):
    """Read on from text[i] to a separator, which is at least the END behind the text.

    Return where the separator begins and its length, where the item that begins at out[at] ends, and whether only the
    tokeniser can cut the run, which then is the item.
    """
    run, begin = i, at
    apostrophes, is_hard = 0, False
    while True:
        code, length = np.intp(text[i]), 1
        kind = characters.first[code]
        if kind == LONGER:
            code, length = decode(text, i)
            kind = characters.classes[code] if code < 0x10000 else characters.beyond
        if kind <= END:
            break
        if kind == APOSTROPHE:
            # Two of them end a word.
            apostrophes = 0 if at == begin else apostrophes + 1
        elif kind == HARD or apostrophes > 1:
            is_hard = True
        elif not is_hard:
            if apostrophes:
                out[at] = 0x27
                at += 1
                apostrophes = 0
            if code < 0x10000:
                at = put(out, at, np.intp(characters.lower[code]))
            else:
                for k in range(length):
                    out[at + k] = text[i + k]
                at += length
        i += length
    if is_hard:
        at = begin
        for k in range(run, i):
            out[at] = text[k]
            at += 1
    store(address + at, np.uint64(0))
    return i, length, at, is_hard


@callee
def scan_run(
    text, i, stop, characters, words, out, target, starts, hashes, counts, hard, table, tokens, found, items, mask
):
    """Number the tokens of text[i:stop], which has no ASCII separator; see `scan`. Return found, items and mask."""
    while i < stop:
        begin = starts[items]
        i, length, at, is_hard = read_run(text, i, characters, out, 8 * begin, target)
        end = (at + 7) >> 3
        if end > begin:
            value = hash_words(words, begin, end)
            tokens[found], items, mask = number_item(
                table, mask, hashes, starts, words, counts, hard, items, value, begin, end, is_hard
            )
            found += 1
        i += length
    return found, items, mask


@inline_llvm
def copy_run(source, words, begin, start, stop, folds):
    """Copy the ASCII text from start to stop to words[begin:]; return where it ends there."""
    while start < stop:
        word = load(source + start)
        word = lower_case(word) if folds else word
        words[begin] = first_bytes(word, min(stop - start, 8))
        begin, start = begin + 1, start + 8
    return begin


@jit
def scan(text, size, characters, words, out, starts, hashes, counts, hard, table, tokens, ends):
    """Number the tokens of text[:size] by their items; return how many items, tokens and documents' ends there are.

    text: (size + 64,) uint8 at least, END from `size` on. words: (words,) uint64, `out` the same as bytes. By item:
    starts, hashes, counts, hard (whether only the tokeniser can cut it). tokens: (tokens,) int32, items. ends:
    (documents,) int64, tokens before the end of each document.

    Runs of what is no ASCII separator are found by masks of 64 bytes, so that no word waits for where the one before
    ended: against reading on from each word, 167 -> 149 ms for Wikipedia, 33 -> 27 for TinyStories.
    """
    source, target, folds = text.ctypes.data, out.ctypes.data, characters.folds
    one, none = np.uint64(1), np.uint64(0)
    mask = SMALLEST_TABLE - 1
    rehash(table, mask, hashes, 0)
    items = found = documents = start = 0
    starts[0] = 0
    open_run, special_before = none, none
    for base in range(0, size + 1, 64):
        run, special, nul = in_words(source + base) if folds else visible(source + base)
        if size - base < 64:
            nul &= (one << np.uint64(size - base)) - one
        before = run << one | open_run
        begins, stops = run & ~before, ~run & before
        if open_run == none:
            start = base + lowest(begins)
            begins &= begins - one
        open_run = run >> np.uint64(63)
        events = stops | nul
        while events != none:
            bit = events & (~events + one)
            stop = base + lowest(events)
            events ^= bit
            if stops & bit != none:
                simple = (special_before | special & (bit - one)) == none
                special, special_before = special & ~(bit - one), none
                begin = starts[items]
                if simple:
                    word = load(source + start)
                    word = first_bytes(lower_case(word) if folds else word, min(stop - start, 8))
                    # Most are words of up to seven letters that were there before: the eighth byte tells them from
                    # others.
                    item = np.intp(table[np.intp(mixed(one, word) & np.uint64(mask))])
                    if (stop - start < 8) & (item >= 0) and words[starts[item]] == word:
                        counts[item] += 1
                        tokens[found] = item
                        found += 1
                    else:
                        end = copy_run(source, words, begin, start, stop, folds)
                        value = hash_words(words, begin, end)
                        tokens[found], items, mask = number_item(
                            table, mask, hashes, starts, words, counts, hard, items, value, begin, end, False
                        )
                        found += 1
                else:
                    found, items, mask = scan_run(
                        text, start, stop, characters, words, out, target, starts, hashes, counts, hard, table, tokens,
                        found, items, mask,
                    )  # fmt: skip
                start = base + lowest(begins)
                begins &= begins - one
            if nul & bit != none:
                ends[documents] = found
                documents += 1
        special_before |= special
    return items, found, documents


@jit
def insert(known_words, known_starts, known_hashes, known_counts, table, mask, known, words, starts, times, ids):
    """Look up items in the lexicon, and append those that it does not have; return how many it has then.

    words, starts, times: of the items, how often each occurs. ids: the item's ids, written.
    """
    values = np.empty(len(ids), dtype=np.uint64)
    # No near cache holds the lexicon. With a first look at each item before any is judged, without branches, the
    # memory's answers overlap: 106 -> 71 ns an item of Wikipedia.
    for item in range(len(ids)):
        values[item] = hash_words(words, starts[item], starts[item + 1])
        ids[item] = table[np.intp(values[item] & np.uint64(mask))]
    for item in range(len(ids)):
        number = np.intp(max(ids[item], 0))
        first, size = known_starts[number], starts[item + 1] - starts[item]
        same = known_words[first] == words[starts[item]]
        same &= (size == 1) & (known_starts[number + 1] - first == 1) & (ids[item] >= 0)
        ids[item] = number if same else -1
    for item in range(len(ids)):
        if ids[item] < 0:
            start, stop = starts[item], starts[item + 1]
            place = find(table, mask, known_hashes, known_starts, known_words, values[item], words, start, stop)
            if table[place] < 0:
                table[place] = known
                known_hashes[known], known_counts[known] = values[item], 0
                begin = known_starts[known]
                for i in range(stop - start):
                    known_words[begin + i] = words[start + i]
                known += 1
                known_starts[known] = begin + stop - start
            ids[item] = table[place]
        known_counts[ids[item]] += times[item]
    return known


@jit
def expand(tokens, ends, first, ids, out, out_ends):
    """Write the ids of tokens, of item t those of ids[first[t]:first[t + 1]]; return how many there are.

    ends, out_ends: (documents,) tokens, then ids, before the end of each.
    """
    done = begin = 0
    for document in range(len(ends) + 1):
        end = ends[document] if document < len(ends) else len(tokens)
        for i in range(begin, end):
            low, high = first[tokens[i]], first[tokens[i] + 1]
            if high == low + 1:  # nearly all
                out[done] = ids[low]
                done += 1
            else:
                for k in range(low, high):
                    out[done] = ids[k]
                    done += 1
        if document < len(ends):
            out_ends[document] = done
        begin = end
    return done


@jit
def write_lines(words, starts, out):
    """Write items, one a line, without the zeros that fill them up; return how many bytes that takes.

    words: as bytes; starts: of the items, in words of eight bytes.
    """
    at = 0
    for item in range(len(starts) - 1):
        for i in range(8 * starts[item], 8 * starts[item + 1]):
            out[at] = words[i]
            at += words[i] != 0
        out[at] = 0x0A
        at += 1
    return at

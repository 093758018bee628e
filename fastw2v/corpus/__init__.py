"""Text into numbers, once: pieces of text become token ids in memory or on disk.

    pieces --numba_twin | python_twin--> ids, piece by piece --sinks--> arrays, or an encoded corpus on disk (store, cache)

`scan_kernels` is the compiled twin of the tokenisers in `text.tokenise`, over tables of `char_classes`; `python_twin` calls those themselves. Knows
text and `encoded`; nothing of stop words, min_count or training, which are applied to the numbers afterwards.
"""

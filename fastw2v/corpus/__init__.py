"""Text into numbers, once: pieces of text become token ids in memory or on disk.

    pieces --numba_twin | python_twin--> ids, piece by piece --sinks--> arrays, or files on disk (store, cache)

`scan_kernels` tokenises as `text.tokenise` does, compiled, over the tables of `char_classes`; `python_twin` calls
`text.tokenise` itself. `vocabulary` applies stop words and min_count to the ids afterwards.
"""

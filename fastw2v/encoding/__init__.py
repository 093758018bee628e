"""Text into numbers, once: pieces of text become token ids in memory or on disk.

    pieces --compiled | plain--> ids, piece by piece --sinks--> arrays, or an encoded corpus on disk (store, cache)

`scan` and `characters` are compiled twins of the tokenisers in `text.tokenise`; `plain` calls those themselves. Knows
text and `encoded`; nothing of stop words, min_count or training, which are applied to the numbers afterwards.
"""

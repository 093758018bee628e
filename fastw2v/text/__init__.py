"""From files to tokens: sources, documents, words, stop words, and the corpora the rest of the package reads.

    paths --sources--> bytes --transcoding--> UTF-8 --decoding--> chunks of text --documents--> documents
                                                 `---records--> batches of documents ---^
    documents --tokenise--> token lists; or --pieces--> megabytes of text to be scanned

What is left out of directories is decided in `directories`, what is said of a text when it was read in `notes`.
Plain Python: neither NumPy nor numba is imported here, pyarrow and zstandard only when a file needs them. Knows
`fastw2v.errors` and, when it is asked for the built-in stories, `fastw2v.stories`.
"""

from fastw2v.text.corpus import Corpus, StoriesCorpus, TextCorpus, open_corpus
from fastw2v.text.decoding import MARKER
from fastw2v.text.documents import DOCUMENT_MODES
from fastw2v.text.limits import Limit, parse_limit
from fastw2v.text.stopwords import load_stop_words
from fastw2v.text.token_lists import ItemCorpus
from fastw2v.text.tokenise import TOKENISERS, normalise_word, tokeniser

__all__ = [
    "DOCUMENT_MODES",
    "MARKER",
    "TOKENISERS",
    "Corpus",
    "ItemCorpus",
    "Limit",
    "StoriesCorpus",
    "TextCorpus",
    "load_stop_words",
    "normalise_word",
    "open_corpus",
    "parse_limit",
    "tokeniser",
]

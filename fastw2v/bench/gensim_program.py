"""A script that trains gensim on raw text as a user would: read, count, train, save.

    python -m fastw2v.bench.gensim_program SETTINGS.json DIRECTORY TEXT...

Documents and words are found by our own reader, so that gensim gets the very same ones. That is to its advantage:
`gensim.utils.simple_preprocess` takes longer, and drops words of one letter. The words go through a file, as
`corpus_file` wants them: on 3 MB and 2 epochs that took 3.8 s, as did token lists kept in memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fastw2v.bench.peers import gensim_model
from fastw2v.settings import Settings
from fastw2v.text import open_corpus


def main(config: str, output: str, *paths: str) -> None:
    """Train on the texts with these settings; save the whole model, as ours does."""
    settings = Settings(**json.loads(Path(config).read_text(encoding="utf-8")))
    directory = Path(output)
    directory.mkdir()
    documents = directory / "documents.txt"
    corpus = open_corpus(paths, documents=settings.documents, limit=settings.limit, tokenizer=settings.tokenizer)
    with documents.open("w", encoding="utf-8", newline="\n") as file:
        for words in corpus:
            file.write(" ".join(map(str, words)) + "\n")
    model = gensim_model(settings)
    model.build_vocab(corpus_file=str(documents))
    model.train(corpus_file=str(documents), total_words=model.corpus_total_words, epochs=settings.epochs)
    model.save(str(directory / "model"))


if __name__ == "__main__":
    main(*sys.argv[1:])

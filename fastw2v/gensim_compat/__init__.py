"""gensim's names and classes on top of this package's."""

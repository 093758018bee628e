"""Words and their vectors, without files: lookup, exact search, questions, comparisons."""

"""Files: atomic writes, locks, replacement, what a file is by its first bytes, encodings, the user's cache."""

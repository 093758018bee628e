"""File formats shared with other programs, one module each."""

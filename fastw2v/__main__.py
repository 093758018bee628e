"""`python -m fastw2v` and the `fastw2v` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from fastw2v.cli.streams import open_closed

    open_closed()
    try:
        from fastw2v.cli.app import run
    except KeyboardInterrupt:  # at once: it says so itself once it is there
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

"""Refuse URLs given as paths: nothing is fetched, and nothing sent."""

from __future__ import annotations

import os
import re

from fastw2v.errors import UsageError

# A path made of an address has one slash; one letter before the colon is a drive of Windows.
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):[/\\]{1,2}(?=.)")


def refuse_address(path: str | os.PathLike[str], writing: bool = False) -> None:
    """Say what an address is, where a path is not there, or, with `writing`, is to be made.

    Raises:
        UsageError: it is an address.
    """
    text = os.fspath(path)
    found = _ADDRESS.match(text)
    if found is not None:
        address = f"{found[1]}://{text[found.end() :]}"
        if writing:
            raise UsageError(f"Addresses are not written to. Got {address:.200}; give a path on this machine.")
        raise UsageError(f"Addresses are not fetched. Got {address:.200}; download the file and give its path.")

"""Describe what a document is, for messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the corpus's `documents_mode`. A mode that is not here is shown by its name.
_DOCUMENT = {
    "line": "a line",
    "blank": "what blank lines separate",
    "marker": "what <|endoftext|> separates",
    "mixed": "a line, or what <|endoftext|> separates where a file has it",
    "record": "a record",
    "story": "a story",
    "list": "a list",
}


def what_a_document_is(description: Mapping[str, Any]) -> str:
    """Return what a document of the corpus is, such as "a line"; "a line or a record" where it has both."""
    mode = str(description.get("documents"))
    text = _DOCUMENT.get(mode, mode)
    # Only corpora with records have a field.
    return f"{text} or {_DOCUMENT['record']}" if "field" in description and mode != "record" else text

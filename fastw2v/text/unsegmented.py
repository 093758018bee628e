"""Detect text without spaces between words (Chinese, Japanese, Thai)."""

from __future__ import annotations

import re
from collections.abc import Iterable

SEGMENTERS = "jieba for Chinese, MeCab or fugashi for Japanese, PyThaiNLP for Thai"

# Han and Kana; Thai, Lao, Burmese, Khmer, which write vowels and tones as characters of their own. Of text cut into
# words, such as 人工智能 or มหาวิทยาลัย, a few per cent of the characters are in longer runs; of paragraphs that are not,
# 55 to 100.
_HAN_AND_KANA = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_LONG_RUN = re.compile(f"[{_HAN_AND_KANA}]{{6,}}|[{_SOUTH_EAST}]{{12,}}")


def mostly_unsegmented(words: Iterable[str]) -> str | None:
    """Return one of these words if most of their characters are in long runs of such scripts, else None."""
    characters = in_runs = 0
    example = None
    for word in words:
        characters += len(word)
        runs = _LONG_RUN.findall(word)
        in_runs += sum(map(len, runs))
        example = example or (word if runs else None)
    return example if 2 * in_runs > characters else None

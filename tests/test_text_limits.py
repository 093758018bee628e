"""How a limit is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastw2v.errors import UsageError
from fastw2v.text.limits import Limit, parse_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("50MB", Limit(bytes=50_000_000)),
        ("1.5GB", Limit(bytes=1_500_000_000)),
        ("200kB", Limit(bytes=200_000)),
        ("200 KB", Limit(bytes=200_000)),
        ("5000B", Limit(bytes=5000)),
        ("0.1mb", Limit(bytes=100_000)),
        ("100000docs", Limit(docs=100_000)),
        ("1doc", Limit(docs=1)),
    ],
)
def test_a_limit_is_a_size_in_powers_of_ten_or_a_number_of_documents(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "50", "MB", "-5MB", "0MB", "0docs", "1.5docs", "0.5B", "5MiB", "5 words", "1e3B"])
def test_another_form_is_an_error_that_lists_the_forms(text: str) -> None:
    with pytest.raises(UsageError, match=r"50MB, 1\.5GB and 100000docs work"):
        parse_limit(text)


@given(st.builds(Limit, bytes=st.integers(1, 10**12)) | st.builds(Limit, docs=st.integers(1, 10**12)))
def test_a_limit_is_printed_in_a_form_that_can_be_read_back(limit: Limit) -> None:
    assert parse_limit(str(limit)) == limit

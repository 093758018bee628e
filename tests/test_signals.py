"""Signals are heard at the right moment: a block ends first, or is left with an exception, and nothing else changes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from fastw2v.errors import InterruptedRunError
from fastw2v.system.signals import Signals, deferred, unwound

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX systems")

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def usual_handlers() -> Iterator[None]:
    """Have the handlers of any process, whatever this one was begun with."""
    before = [(number, signal.getsignal(number)) for number in ALL]
    usual: tuple[Any, ...] = (signal.default_int_handler, signal.SIG_DFL, signal.SIG_DFL)
    for number, handler in zip(ALL, usual, strict=True):
        signal.signal(number, handler)
    yield
    for number, handler in before:
        signal.signal(number, handler)


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in ALL]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_would_kill_leaves_the_block_with_its_exit_code(number: signal.Signals) -> None:
    before, left = handlers(), []

    def block() -> None:
        try:
            signal.raise_signal(number)
        finally:
            left.append(number)

    with pytest.raises(InterruptedRunError, match=r"^interrupted\.$") as caught, unwound():
        block()
    assert caught.value.exit_code == 128 + number
    assert left == [number]
    assert handlers() == before


def test_an_interrupt_leaves_the_block_as_ever() -> None:
    with pytest.raises(KeyboardInterrupt), unwound():
        signal.raise_signal(signal.SIGINT)


def test_signals_that_are_ignored_or_heard_by_others_stay_so() -> None:
    heard = []
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    before = handlers()
    with unwound():
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
        assert handlers() == before
    assert heard == [signal.SIGTERM]


@pytest.mark.parametrize("number", ALL)
def test_a_signal_waits_for_a_block_that_must_not_be_cut_off(number: signal.Signals) -> None:
    before, done = handlers(), []

    def block() -> None:
        with deferred():
            signal.raise_signal(number)
            done.append("block")
        done.append("after")

    with pytest.raises((KeyboardInterrupt, InterruptedRunError)), unwound():
        block()
    assert done == ["block"]
    assert handlers() == before


def test_a_second_signal_does_not_wait() -> None:
    done = []

    def block() -> None:
        for moment in ("first", "second"):
            signal.raise_signal(signal.SIGINT)
            done.append(moment)

    with pytest.raises(KeyboardInterrupt), deferred():
        block()
    assert done == ["first"]


def test_an_error_of_the_block_comes_before_a_signal_that_waits() -> None:
    def block() -> None:
        signal.raise_signal(signal.SIGINT)
        raise OSError("full")

    with pytest.raises(OSError, match="full"), deferred():
        block()


def test_the_second_signal_of_a_run_that_saves_leaves_it_with_its_exit_code() -> None:
    signals = Signals()

    def block() -> None:
        with signals.listening():
            signal.raise_signal(signal.SIGTERM)
            assert signals.heard == signal.SIGTERM
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(InterruptedRunError) as caught, unwound():
        block()
    assert caught.value.exit_code == 143

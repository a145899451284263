"""SIGTERM becomes an exception of the main thread for as long as a run lasts, whatever is made of it on the way."""

import os
import signal
import threading

import pytest

from continuity_analysis.errors import Terminated
from continuity_analysis.reports.termination import terminable


def ask():
    os.kill(os.getpid(), signal.SIGTERM)


def test_what_is_open_is_closed_once_and_a_second_signal_changes_nothing():
    closed, before = [], signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated, match="--resume runs only the rest"), terminable():
        try:
            ask()
            pytest.fail("went on")
        finally:
            ask()
            closed.append(True)
    assert closed == [True]
    assert signal.getsignal(signal.SIGTERM) == before


def test_an_error_made_of_the_signal_is_still_the_signal():
    with pytest.raises(Terminated), terminable():
        try:
            ask()
        except Terminated:
            raise RuntimeError("Query interrupted") from None  # as DuckDB does


def test_other_errors_are_left_alone():
    with pytest.raises(RuntimeError, match="Query interrupted"), terminable():
        raise RuntimeError("Query interrupted")


def test_it_is_left_as_it_is_in_other_threads_and_where_it_is_ignored():
    def run():
        with terminable():
            handlers.append(signal.getsignal(signal.SIGTERM))

    handlers, before = [], signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        run()
        ask()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert handlers == [before, signal.SIG_IGN]

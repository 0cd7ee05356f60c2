"""Progress counts what an earlier run finished, tells the time left, and stops between items."""

import math

import pytest

from gsal.progress import Event, JobCancelled, JobContext, Progress


def test_track_reports_and_yields_everything() -> None:
    events: list[Event] = []
    assert list(JobContext(events.append).track("abc", "Reading", total=5, done=2)) == ["a", "b", "c"]
    progress = [e for e in events if isinstance(e, Progress)]
    assert [(p.done, p.total) for p in progress] == [(2, 5), (3, 5), (4, 5), (5, 5)]
    assert math.isnan(progress[0].eta_s)
    assert progress[-1].eta_s == 0


def test_an_unknown_total_has_no_eta() -> None:
    events: list[Event] = []
    list(JobContext(events.append).track(iter("ab"), "Reading"))
    assert [(e.total, math.isnan(e.eta_s)) for e in events if isinstance(e, Progress)] == [(0, True)] * 3


def test_a_stop_comes_between_items_never_within() -> None:
    ctx = JobContext()
    seen = []

    def work() -> None:
        for item in ctx.track("abc", "Reading"):
            ctx.cancel.set()
            seen.append(item)

    with pytest.raises(JobCancelled):
        work()
    assert seen == ["a"]

"""Jobs keep book of how they end, are stopped between items, and go on under their number."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from typing_extensions import override

from gsal.errors import GsalError
from gsal.jobs.batches import batches, map_ahead
from gsal.jobs.catalogue import JOBS
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.job import Job, from_settings, to_settings
from gsal.jobs.runner import resume, run_job
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import JobStatus


@dataclass(frozen=True, slots=True)
class Count:
    """Counts to `to`; fails at `fail_at`."""

    kind: ClassVar[str] = "count"
    to: int
    fail_at: int = -1
    tags: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return "Counting"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        for n in ctx.track(range(self.to), "Counting"):
            if n == self.fail_at:
                raise GsalError("three is too many")
        return {"counted": self.to}


def _only(project: Project) -> tuple[JobStatus, str]:
    (record,) = project.store.jobs.all()
    return record.status, record.message


def test_a_finished_job_is_recorded_with_its_result(project: Project) -> None:
    events: list[Event] = []
    result = run_job(Count(3), project, JobContext(events.append))
    assert result == {"job": 1, "counted": 3}
    assert _only(project) == (JobStatus.DONE, "")
    progress = [e for e in events if isinstance(e, Progress)]
    assert [p.done for p in progress] == [0, 1, 2, 3]
    assert {p.total for p in progress} == {3}


def test_a_stopped_job_is_recorded_and_resumed(project: Project) -> None:
    ctx = JobContext()
    ctx.emit = lambda event: ctx.cancel.set() if isinstance(event, Progress) and event.done == 2 else None
    with pytest.raises(JobCancelled):
        run_job(Count(5), project, ctx)
    (record,) = project.store.jobs.all()
    assert record.status is JobStatus.CANCELLED
    assert record.status.is_resumable
    assert run_job(from_settings(Count, record.settings), project, JobContext())["job"] == record.id
    assert _only(project) == (JobStatus.DONE, "")


def test_a_failing_job_says_why(project: Project) -> None:
    with pytest.raises(GsalError, match="three is too many"):
        run_job(Count(5, fail_at=3), project, JobContext())
    assert _only(project) == (JobStatus.FAILED, "three is too many")


def test_a_bug_is_recorded_without_details_and_raised(project: Project) -> None:
    class Broken(Count):
        @override
        def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
            raise ZeroDivisionError("patient Smith")

    with pytest.raises(ZeroDivisionError):
        run_job(Broken(1), project, JobContext())
    assert _only(project) == (JobStatus.FAILED, "An error in the program: ZeroDivisionError.")


def test_settings_survive_being_written_down() -> None:
    job = CreateCohort("b", cohort_kind="rates", rates={"MEL": 0.95, "": 0.2}, exclude=("NV",))
    assert from_settings(CreateCohort, to_settings(job)) == job
    with pytest.raises(GsalError, match="another version"):
        from_settings(CreateCohort, to_settings(job) | {"new_setting": 1})


def test_resume_refuses_what_is_done_or_unknown(project: Project) -> None:
    run_job(Count(1), project, JobContext())
    (record,) = project.store.jobs.all()
    with pytest.raises(GsalError, match="nothing to resume"):
        resume(record)
    project.store.jobs.finish(record.id, JobStatus.FAILED)
    with pytest.raises(GsalError, match="kind this version does not know: count"):
        resume(project.store.jobs.get(record.id))


def test_every_job_is_in_the_catalogue_under_its_own_kind() -> None:
    assert all(kind == job.kind for kind, job in JOBS.items())
    assert isinstance(CreateCohort("a", cohort_kind="baseline"), Job)


def test_mapping_ahead_keeps_order_and_stays_bounded() -> None:
    begun: list[int] = []

    def square(n: int) -> int:
        begun.append(n)
        return n * n

    results = map_ahead(square, range(100), workers=3, ahead=8)
    assert [next(results) for _ in range(5)] == [0, 1, 4, 9, 16]
    results.close()
    assert max(begun) <= 5 + 8
    assert list(map_ahead(square, [], workers=2)) == []
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_an_error_while_reading_ahead_is_raised_in_its_turn() -> None:
    def fail_at_two(n: int) -> int:
        if n == 2:
            raise GsalError("two")
        return n

    results = map_ahead(fail_at_two, [0, 1, 2, 3])
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(GsalError, match="two"):
        next(results)

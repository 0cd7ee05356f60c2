"""Jobs: which one is gone on with."""

from gsal.project import Project
from gsal.records import JobStatus


def test_interrupted_jobs_are_resumed_before_cancelled_and_failed_ones(project: Project) -> None:
    jobs = project.store.jobs
    assert jobs.last_to_resume() is None
    order = (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED)
    numbers = {status: [jobs.start(str(status), {"n": n}) for n in range(2)] for status in reversed(order)}
    for job_id in (job_id for ids in numbers.values() for job_id in ids):
        jobs.finish(job_id, JobStatus.DONE)
    assert jobs.last_to_resume() is None
    for status in order:
        for job_id in numbers[status]:
            jobs.finish(job_id, status)
        record = jobs.last_to_resume()
        assert record is not None
        assert (record.id, record.status) == (max(numbers[status]), status)

"""Running a job and keeping book: it begins, it ends well, is stopped, or fails, and the project knows."""

from typing import Any

from gsal.errors import GsalError
from gsal.jobs.job import Job, from_settings, to_settings
from gsal.progress import JobCancelled, JobContext
from gsal.project import Project
from gsal.records import JobRecord, JobStatus

__all__ = ["resume", "run_job"]


def run_job(job: Job, project: Project, ctx: JobContext) -> dict[str, Any]:
    """Run a job in this thread and record how it went.

    Returns:
        The job's JSON-ready summary, with its number as "job".

    Raises:
        JobCancelled: The user stopped it; it can be resumed.
        GsalError: It failed in a way the user can solve; it can be resumed.
    """
    jobs = project.store.jobs
    job_id = jobs.start(job.kind, to_settings(job))
    try:
        result = job.run(ctx, project)
    except JobCancelled:
        jobs.finish(job_id, JobStatus.CANCELLED, message="Stopped by the user.")
        raise
    except GsalError as error:
        jobs.finish(job_id, JobStatus.FAILED, message=str(error))
        raise
    except Exception as error:
        jobs.finish(job_id, JobStatus.FAILED, message=f"An error in the program: {type(error).__name__}.")
        raise
    jobs.finish(job_id, JobStatus.DONE, result=result)
    return {"job": job_id, **result}


def resume(record: JobRecord) -> Job:
    """Return the job that an unfinished record describes, ready to run again.

    Raises:
        GsalError: It is finished, or of a kind this version does not know.
    """
    # Every kind of job is imported with it, which the window need not wait for.
    from gsal.jobs.catalogue import JOBS

    if record.status is JobStatus.DONE:
        raise GsalError(f"Job {record.id} ({record.kind}) is finished; there is nothing to resume.")
    if record.kind not in JOBS:
        raise GsalError(f"Job {record.id} is of a kind this version does not know: {record.kind}.")
    return from_settings(JOBS[record.kind], record.settings)

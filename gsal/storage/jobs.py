"""Long tasks: what was asked for, where it stands, how it ended."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gsal.errors import NotFoundError
from gsal.records import JobRecord, JobStatus
from gsal.storage.database import Database, now
from gsal.storage.schema import JobRow

__all__ = ["Jobs"]

_RESUMED = (JobStatus.INTERRUPTED, JobStatus.CANCELLED, JobStatus.FAILED)


class Jobs:
    """Repository of jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, kind: str, settings: dict[str, Any]) -> int:
        """Record that a job begins; one that stopped with the same settings goes on under its old number."""

        def change(session: Session) -> int:
            unfinished = session.scalars(
                select(JobRow)
                .where(JobRow.kind == kind, JobRow.status != str(JobStatus.DONE))
                .order_by(JobRow.id)
            )
            same = (row for row in unfinished if row.settings == settings)
            # One that another workstation is at is not gone on with here.
            row = next((row for row in same if self._database.claims.take(row.id)), None)
            if row is None:
                row = JobRow(kind=kind, settings=settings, status="", message="", created=now())
                session.add(row)
            row.status, row.message, row.finished = str(JobStatus.RUNNING), "", None
            session.flush()
            self._database.claims.take(row.id)
            return row.id

        return self._database.write(change)

    def finish(
        self, job_id: int, status: JobStatus, *, message: str = "", result: dict[str, Any] | None = None
    ) -> None:
        """Record how a job ended."""

        def change(session: Session) -> None:
            row = session.get_one(JobRow, job_id)
            row.status, row.message, row.result, row.finished = str(status), message, result, now()

        self._database.write(change)
        self._database.claims.drop(job_id)

    def interrupt_running(self) -> int:
        """Mark jobs that a crash left running; return how many. Only for who just opened the project."""
        claims = self._database.claims

        def change(session: Session) -> list[int]:
            running = session.scalars(select(JobRow.id).where(JobRow.status == str(JobStatus.RUNNING)))
            left = [number for number in running.all() if claims.take(number)]
            if left:
                session.execute(
                    update(JobRow).where(JobRow.id.in_(left)).values(status=str(JobStatus.INTERRUPTED))
                )
            return left

        left = self._database.write(change)
        for number in left:
            claims.drop(number)
        return len(left)

    def all(self) -> list[JobRecord]:
        """Return all jobs in the order they were begun."""
        with self._database.read() as session:
            return [_record(row) for row in session.scalars(select(JobRow).order_by(JobRow.id))]

    def done(self, kind: str) -> list[JobRecord]:
        """Return the jobs of a kind that ended well, with their results, in the order they were begun."""
        query = select(JobRow).where(JobRow.kind == kind, JobRow.status == str(JobStatus.DONE))
        with self._database.read() as session:
            return [_record(row) for row in session.scalars(query.order_by(JobRow.id))]

    def kinds_done(self) -> frozenset[str]:
        """Return the kinds of which a job ended well."""
        query = select(JobRow.kind).where(JobRow.status == str(JobStatus.DONE)).distinct()
        with self._database.read() as session:
            return frozenset(session.scalars(query))

    def last_to_resume(self) -> JobRecord | None:
        """Return the newest interrupted job, else the newest cancelled, else the newest failed, or None."""
        for status in _RESUMED:
            query = select(JobRow).where(JobRow.status == str(status)).order_by(JobRow.id.desc()).limit(1)
            with self._database.read() as session:
                row = session.scalar(query)
                if row is not None:
                    return _record(row)
        return None

    def get(self, job_id: int) -> JobRecord:
        """Return one job.

        Raises:
            NotFoundError: There is none with this number.
        """
        with self._database.read() as session:
            row = session.get(JobRow, job_id)
            if row is None:
                raise NotFoundError(f"This project has no job number {job_id}; `gsal jobs list` shows them.")
            return _record(row)


def _record(row: JobRow) -> JobRecord:
    return JobRecord(
        id=row.id,
        kind=row.kind,
        settings=row.settings,
        status=JobStatus(row.status),
        message=row.message,
        created=row.created,
        finished=row.finished,
        result=row.result,
    )

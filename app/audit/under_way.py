"""Whether saliency is being computed."""

from app.jobs.manager import JobManager
from gsal.jobs.saliency.compute import ComputeSaliency

__all__ = ["is_coming", "is_live"]


def is_coming(manager: JobManager, mask_set: str) -> bool:
    """Whether saliency over these masks runs or waits."""
    jobs = [task.job for task in manager.tasks if not task.state.is_over]
    return any(isinstance(job, ComputeSaliency) and mask_set in job.mask_sets for job in jobs)


def is_live(manager: JobManager) -> bool:
    """Whether saliency is computed now."""
    current = manager.current
    return current is not None and isinstance(current.job, ComputeSaliency) and not current.state.is_over

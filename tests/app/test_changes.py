"""Which jobs change what: every kind that is named belongs to a job."""

import importlib
import pkgutil

import gsal.jobs
from app.jobs.changes import CHANGED_BY, Part, has_changed
from app.jobs.task import Task
from gsal.jobs.masks.propose import Propose


def test_every_part_is_changed_by_jobs_that_there_are() -> None:
    modules = [
        importlib.import_module(one.name) for one in pkgutil.walk_packages(gsal.jobs.__path__, "gsal.jobs.")
    ]
    found = [getattr(value, "kind", None) for module in modules for value in vars(module).values()]
    kinds = {kind for kind in found if type(kind) is str}
    assert set(CHANGED_BY) == set(Part)
    assert set().union(*CHANGED_BY.values()) <= kinds


def test_a_job_changes_its_own_parts_only() -> None:
    assert has_changed(Task(Propose()), Part.COHORTS, Part.MASKS)
    assert not has_changed(Task(Propose()), Part.COHORTS, Part.CLASSIFIERS)

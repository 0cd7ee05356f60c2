"""Audits: kept whole, found by mask set and number, and told apart by what they are of."""

import pytest

from gsal.errors import NotFoundError
from gsal.project import Project

from .conftest import Outside

AUDITED = {"b": ["sobel", "grad-cam"], "a": ["grad-cam"]}


def test_what_was_audited_is_known_without_the_result(project: Project) -> None:
    audits = project.store.audits
    settings = {"models": [], "mask_set": "exact", "seed": 3}
    number = audits.add(settings=settings, audited=AUDITED, result={"rows": [], "x": None})
    record = audits.get(number)
    assert record.settings == settings, "as they were asked for"
    assert record.mask_set == "exact"
    assert record.models == ("b", "a"), "in the order audited"
    assert record.methods == ("sobel", "grad-cam")
    assert record.audited["a"] == ("grad-cam",)
    assert record.date == f"{record.created[:10]} {record.created[11:16]} UTC"
    assert audits.result(number) == {"rows": [], "x": None}


def test_the_last_one_over_a_mask_set(project: Project) -> None:
    audits = project.store.audits
    assert audits.latest() is None
    numbers = [
        audits.add(settings={"mask_set": name}, audited=AUDITED, result={})
        for name in ("exact", "rule", "rule")
    ]
    assert [record.id for record in audits.newest_first()] == numbers[::-1]
    assert [record.id for record in audits.newest_first("rule")] == [numbers[2], numbers[1]]
    exact = audits.latest("exact")
    assert exact is not None
    assert exact.id == numbers[0]
    assert audits.latest("human") is None
    with pytest.raises(NotFoundError, match=r"no audit number 99.*gsal audit --list"):
        audits.get(99)


def test_the_rows_of_an_earlier_versions_audit_tell_what_it_was_of(
    project: Project, outside: Outside
) -> None:
    rows = [{"model": m, "method": method} for m, methods in AUDITED.items() for method in methods * 2]
    number = project.store.audits.add(settings={"mask_set": "exact"}, audited={}, result={"rows": rows})
    project.close()
    outside('UPDATE audit SET settings = \'{"mask_set": "exact", "models": []}\'')
    with Project.open(project.folder) as again:
        record = again.store.audits.get(number)
        assert {model: list(methods) for model, methods in record.audited.items()} == AUDITED
        assert record.settings == {"mask_set": "exact", "models": []}

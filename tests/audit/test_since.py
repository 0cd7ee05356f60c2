"""What has changed since the last audit: only what differs as it is written, and in which direction."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gsal.audit import AuditData, Evidence, audit
from gsal.audit.since import since


def texts(before: list[AuditData], now: list[AuditData]) -> list[str]:
    results = (audit(Evidence(tables=tuple(tables))) for tables in (before, now))
    return [finding.text for finding in since(*results)]


def test_the_same_rows_have_the_same_figures(data: AuditData) -> None:
    (text,) = texts([data], [data])
    assert text.endswith("are those of the audit before.")


def test_models_come_and_go(make_data: Callable[..., AuditData]) -> None:
    a, b = make_data(0, model="a"), make_data(1, model="b")
    assert texts([a], [b]) == ["Not in the audit before: b.", "In the audit before, not in this one: a."]


def test_other_pictures_with_ink_change_what_rests_on_them(data: AuditData) -> None:
    fewer = replace(data, inked=data.inked & (np.arange(data.n) >= 10))
    lost = int(data.inked[:10].sum())
    said = texts([data], [fewer])
    n = int(data.inked.sum())
    assert all(f"{n - lost} pictures with ink instead of {n}" in text for text in said)
    assert len(said) == 2, "mean and peak"


def test_what_becomes_undefined_is_told(data: AuditData) -> None:
    right = replace(data, predicted=data.true_class)
    said = texts([data], [right])[0]
    assert "AUROC for errors – instead of 0." in said
    assert "accuracy with ink 100\xa0% instead of" in said
    assert "nan" not in said

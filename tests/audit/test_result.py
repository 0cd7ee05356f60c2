"""The printed rows recomputed from the exported table with plain NumPy, and what is kept."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.audit import AuditData, AuditResult, Evidence, audit
from gsal.audit.per_image import columns, write_csv
from gsal.audit.plain import encode
from gsal.errors import GsalError
from tests.evidence import full_evidence

FIELDS = [
    *("model", "seed", "cohort", "method", "aggregator", "mask_set", "n", "accuracy", "aurrac", "oracle"),
    *("aurrac_normalised", "failure_auroc", "rank_loss", "kendall_tau", "inter_class_variance", "classes"),
]


@pytest.fixture
def several(make_data: Callable[..., AuditData]) -> list[AuditData]:
    return [
        make_data(seed, model=model, cohort=model, method=method)
        for seed, model in ((1, "biased"), (2, "unbiased"))
        for method in ("grad-cam", "competitive-gradient-input")
    ]


def given(tables: list[AuditData], **known: Any) -> Evidence:
    return Evidence(tables=tuple(tables), **known)


def recompute(rows: list[dict[str, str]], column: str, classes: list[str]) -> dict[str, Any]:
    """One row of `gsal audit --json`, from the exported rows of its model and method alone."""
    inked = [row for row in rows if row["inked"] == "1"]
    raw = np.array([float(row[column]) for row in inked])
    right = np.array([row["correct"] == "1" for row in inked])
    labels = np.array([row["label"] for row in inked])
    patients = np.array([row["patient_id"] or f"\0{rows.index(row)}" for row in inked])
    n, hits, wrong = len(raw), right.sum(), (~right).sum()
    ks = range((n + 9) // 10, n + 1)

    shared = np.array([right[raw == value].mean() for value in raw])[np.argsort(raw, kind="stable")]
    area = np.mean([shared[:k].mean() for k in ks])
    oracle = np.mean([min(1.0, hits / k) for k in ks])
    ranks = np.array([(raw < value).sum() + ((raw == value).sum() + 1) / 2 for value in raw])
    auroc = (ranks[~right].sum() - wrong * (wrong + 1) / 2) / (wrong * hits)
    levels = [value for value in np.unique(raw) if (raw <= value).sum() >= ks[0]]
    accuracies = np.array([right[raw <= value].mean() for value in levels])
    upper = np.triu_indices(len(levels), 1)
    signs = np.sign(np.subtract.outer(accuracies, accuracies))[upper[1], upper[0]]
    tau = signs.sum() / np.sqrt(len(signs) * np.abs(signs).sum())

    scale = raw
    if column == "m":
        pixels = sum(int(row["map_pixels"]) for row in rows)
        center = sum(float(row["map_sum"]) for row in rows) / pixels
        sd = np.sqrt(sum(float(row["map_sum_sq"]) for row in rows) / pixels - center**2)
        scale = (raw - center) / sd
    rng = np.random.default_rng(0)
    table = [
        class_row(scale[labels == name], patients[labels == name], name, column, rng) for name in classes
    ]
    return {
        "n": n,
        "accuracy": hits / n,
        "aurrac": area,
        "oracle": oracle,
        "aurrac_normalised": (area - hits / n) / (oracle - hits / n),
        "failure_auroc": auroc,
        "rank_loss": np.mean(~right * ranks / n),
        "kendall_tau": tau,
        "inter_class_variance": np.var([row["mean"] for row in table], ddof=1),
        "classes": table,
    }


def class_row(
    values: np.ndarray, patients: np.ndarray, name: str, column: str, rng: np.random.Generator
) -> dict[str, Any]:
    from scipy.stats import t

    groups = [values[patients == patient] for patient in sorted(set(patients.tolist()))]
    mean, g = values.mean(), len(groups)
    if column == "m":
        se = np.sqrt(g / (g - 1) * sum((group - mean).sum() ** 2 for group in groups)) / len(values)
        low, high = mean - t.ppf(0.975, g - 1) * se, mean + t.ppf(0.975, g - 1) * se
    else:
        drawn = rng.integers(g, size=(2000, g))
        low, high = np.percentile(
            [np.concatenate([groups[i] for i in row]).mean() for row in drawn], [2.5, 97.5]
        )
    return {"class": name, "mean": mean, "low": low, "high": high, "n": len(values)}


def test_every_figure_can_be_recomputed_from_the_exported_rows(
    several: list[AuditData], tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    assert write_csv(path, several) == sum(item.n for item in several)
    printed = json.loads(json.dumps(audit(given(several)).to_json(), allow_nan=False))
    with path.open(encoding="utf-8", newline="") as file:
        exported = list(csv.DictReader(file))
    assert len(printed) == 8
    for row in printed:
        mine = [line for line in exported if (line["model"], line["method"]) == (row["model"], row["method"])]
        expected = recompute(mine, "m" if row["aggregator"] == "mean" else "n", ["MEL", "NV", "BCC"])
        assert list(row) == FIELDS
        for name, value in expected.items():
            if name == "classes":
                for got, wanted in zip(row["classes"], value, strict=True):
                    assert got == pytest.approx(wanted, abs=1e-6)
            else:
                assert row[name] == pytest.approx(value, abs=1e-6), name


def test_undefined_figures_are_null(data: AuditData) -> None:
    blank = replace(data, inked=np.zeros(data.n, dtype=np.bool_))
    row = audit(given([blank])).to_json()[0]
    assert row["n"] == 0
    assert all(row[name] is None for name in FIELDS[7:-1])
    assert row["classes"][0] == {"class": "MEL", "mean": None, "low": None, "high": None, "n": 0}
    text = " ".join(finding.text for finding in audit(given([blank])).findings)
    assert "no picture with a defined ink saliency" in text


def test_a_result_survives_being_stored(several: list[AuditData], data: AuditData) -> None:
    result = audit(given(several, ink_rates={"biased": 0.3, "unbiased": 0.6}))
    stored = json.loads(json.dumps(result.to_stored(), allow_nan=False))
    assert AuditResult.from_stored(stored).to_stored() == result.to_stored()
    assert stored["rows"] == json.loads(json.dumps(result.to_json()))
    undefined = audit(given([replace(data, inked=np.zeros(data.n, dtype=np.bool_))]))
    again = AuditResult.from_stored(json.loads(json.dumps(undefined.to_stored())))
    assert again.to_stored() == undefined.to_stored()
    assert np.isnan(again.entries[0].response.aurrac)
    with pytest.raises(TypeError, match="set is not plain data"):
        encode({1})


def test_all_that_is_known_is_audited_and_survives_being_stored(several: list[AuditData]) -> None:
    result = audit(full_evidence(several))
    assert len(result.placebos) == len(result.entries) == 8
    assert [effect.model for effect in result.effects] == ["biased", "unbiased"]
    assert [one.model for one in result.changes] == ["biased", "unbiased"]
    assert [(one.first, one.second) for one in result.answer_pairs] == [("biased", "unbiased")]
    assert len(result.saliency_pairs) == 4
    same = result.placebos[0].reading.overall.difference
    assert (same.estimate, same.low, same.high) == (0, 0, 0), "a placebo that is the pictures themselves"
    stored = json.loads(json.dumps(result.to_stored(), allow_nan=False))
    assert AuditResult.from_stored(stored).to_stored() == result.to_stored()


def test_trainings_of_one_recipe_are_compared_by_seed(make_data: Callable[..., AuditData]) -> None:
    tables = [
        replace(make_data(10 * number + seed, model=f"{group}-{seed}", cohort=group), seed=seed)
        for number, group in enumerate(("biased", "unbiased"))
        for seed in range(3)
    ]
    groups = {group: [f"{group}-{seed}" for seed in range(3)] for group in ("biased", "unbiased")}
    result = audit(given(tables, groups=groups))
    mean = [one for one in result.replicates if one.aggregator == "mean"]
    assert [one.group for one in mean] == ["biased", "unbiased"]
    assert mean[0].figures.seeds == (0, 1, 2)
    by_name = {one.name: one for one in mean[0].figures.figures}
    of_models = [e.variance.value for e in result.entries if e.cohort == "biased" and e.aggregator == "mean"]
    assert by_name["variance"].estimate == pytest.approx(np.mean(of_models))
    (pair,) = (one for one in result.replicate_pairs if one.aggregator == "mean")
    assert (pair.first, pair.second) == ("biased", "unbiased")
    (said,) = (one for one in result.findings if one.topic == "Training sets compared")
    assert "3 and 3 trainings: too few for a claim" in said.text
    assert not said.strength.is_claim


def test_an_audit_of_an_earlier_version_is_refused_in_a_sentence(several: list[AuditData]) -> None:
    stored = audit(given(several[:1])).to_stored()
    del stored["result"]["placebos"]
    with pytest.raises(GsalError, match="earlier version"):
        AuditResult.from_stored(stored)


def test_a_figure_does_not_depend_on_what_else_is_audited(several: list[AuditData]) -> None:
    assert audit(given(several[2:3])).to_json() == audit(given(several)).to_json()[4:6]
    with pytest.raises(ValueError, match="twice"):
        audit(given([several[0], several[0]]))


def test_pairs_share_the_method_and_the_seed(make_data: Callable[..., AuditData]) -> None:
    four = [
        replace(make_data(seed, model=f"{cohort}-{seed}", cohort=cohort), seed=seed)
        for cohort in ("biased", "unbiased")
        for seed in (0, 1)
    ]
    four.append(replace(four[0], model="biased-0-wide"))
    pairs = {(item.first, item.second) for item in audit(given(four)).comparisons}
    assert pairs == {
        ("biased-0", "unbiased-0"),
        ("biased-1", "unbiased-1"),
        ("unbiased-0", "biased-0-wide"),
    }
    two = [replace(four[0], seed=5), four[2]]
    assert {(item.first, item.second) for item in audit(given(two)).comparisons} == {
        ("biased-0", "unbiased-0")
    }


def test_columns_are_those_promised(data: AuditData) -> None:
    assert columns([data]) == [
        "image",
        "patient_id",
        "label",
        "fold",
        "model",
        "seed",
        "cohort",
        "method",
        "mask_set",
        "explained",
        "predicted",
        "correct",
        "confidence",
        "logit_MEL",
        "logit_NV",
        "logit_BCC",
        "inked",
        "ink_px",
        "mask_area",
        "m",
        "n",
        "map_sum",
        "map_sum_sq",
        "map_pixels",
    ]


def test_table_keeps_digits_and_quotes_formulas(make_data: Callable[..., AuditData], tmp_path: Path) -> None:
    made = make_data(4, n=6)
    odd = replace(
        made,
        model="=1+1",
        seed=None,
        fold=2,
        classes=("@MEL", "-NV", "Ünïcode, 1"),
        images=("+a.png", "b,c.png", 'd"e.png', "f\ng.png", "h.png", "i.png"),
        logits=-np.abs(made.logits),
    )
    path = tmp_path / "deep" / "rows.csv"
    write_csv(path, [odd])
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == ["'+a.png", *odd.images[1:]]
    assert {(row["model"], row["seed"], row["fold"]) for row in rows} == {("'=1+1", "", "2")}
    assert {row["label"] for row in rows} <= {"'@MEL", "'-NV", "Ünïcode, 1"}
    for name, values in (("m", odd.mean), ("map_sum", odd.map_sum), ("logit_-NV", odd.logits[:, 1])):
        read = [float(row[name]) if row[name] else np.nan for row in rows]
        assert np.array_equal(read, values, equal_nan=True)


def test_models_with_other_classes_share_the_table(data: AuditData, tmp_path: Path) -> None:
    other = replace(data, model="outside", classes=("MEL", "NV", "SK"))
    path = tmp_path / "rows.csv"
    write_csv(path, [data, other])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["logit_SK"], rows[-1]["logit_BCC"]) == ("", "")
    assert rows[-1]["logit_SK"]


def test_a_failed_write_leaves_the_old_table(
    data: AuditData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old")

    def fail(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("gsal.audit.per_image._rows_of", fail)
    with pytest.raises(OSError, match="disk full"):
        write_csv(path, [data])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]

"""Auditing again from what is stored: 100,000 validation pictures, one model and method, seven classes.

"aggregates" reads the aggregates, hashes verified, and audits them for pictures that are known already, as
where a setting was changed. "read" is all that an audit rests on: pictures, masks, answers and aggregates,
hashes verified; "evidence" is that, the answers without ink, and what made the masks: all that `gsal audit`
reads before it computes. "aggregates" and "read and audit" compute every figure that the window shows of m:
class means with their intervals, their variance, the accuracy curve and its summary. The bootstraps of
`gsal audit` (bands of the curve, intervals of n and of performance) are not among them.
"""

import sqlite3
import statistics
import tempfile
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from gsal.audit.data import AuditData
from gsal.audit.global_saliency import by_class, inter_class_variance
from gsal.audit.response_rate import curve, summarise
from gsal.files import sha256_of_bytes
from gsal.jobs.audits.basis import read_basis
from gsal.jobs.audits.evidence import evidence_of
from gsal.jobs.audits.rows import audit_data
from gsal.jobs.models.files import ready_models
from gsal.project import DATABASE_NAME, Project
from gsal.records import (
    COLUMNS,
    Aggregator,
    MaskSet,
    ModelKind,
    Preprocessing,
    SaliencyMethod,
    SaliencyRunSettings,
    Variant,
)
from gsal.storage.packed import pack
from tests.benchmarks.harness import Row, cpu_seconds, main

PICTURES, ROUNDS = 100_000, 5

_IMAGE = (
    "INSERT INTO image (id, root_id, path, sha256, size_bytes, mtime_ns, width, height, label, patient_id,"
    " lesion_id, extra, side, added) VALUES (?, 1, ?, ?, 1, 1, 4000, 6000, ?, ?, '', '{}', 'validation', '')"
)
_REVISION = (
    "INSERT INTO mask_revision (id, uuid, image_id, blob_sha256, source, rule, purpose, ink_px, tool,"
    " pixels_added, pixels_removed, active_s, app_version, created)"
    " VALUES (?, ?, ?, ?, 'exact', '', 'review', ?, '', 0, 0, 0, '', '')"
)
_SALIENCY = "INSERT INTO saliency_value VALUES (?, ?, ?, ?, 50176, ?, ?, ?, ?)"


def _model(project: Project) -> int:
    made = project.store.models.add(
        "net",
        kind=ModelKind.CLASSIFIER,
        architecture="densenet121",
        classes=project.classes,
        preprocessing=Preprocessing(size=224),
        run_card={},
    )
    project.store.models.finish(made.id, weights="w", weights_sha256="", run_card={})
    project.store.predictions.add(made.id, [], variant=Variant.ORIGINAL)
    project.store.saliency.run(
        SaliencyRunSettings(
            made.id, SaliencyMethod.GRAD_CAM, "", "norm5", "float32", 224, Variant.ORIGINAL, MaskSet.EXACT
        )
    )
    return made.id


def _fill(database: Path, classes: tuple[str, ...]) -> None:
    """Write pictures, masks, answers and aggregates past the program, which is faster."""
    rng = np.random.default_rng(1)
    numbers = range(1, PICTURES + 1)
    labels = rng.choice(classes, PICTURES).tolist()
    ink = np.where(rng.random(PICTURES) < 0.66, 2000 * rng.random(PICTURES), 0.0)
    logits = rng.normal(size=(PICTURES, len(classes)))
    values = rng.normal(size=(PICTURES, len(classes), len(COLUMNS)))
    values[..., 3] = 50_176 * (1 + values[..., 3] ** 2)
    values[ink == 0, :, :2] = np.nan
    shas = [sha256_of_bytes(str(n).encode()) for n in numbers]
    with closing(sqlite3.connect(database)) as connection, connection:
        many = connection.executemany
        connection.execute("INSERT INTO root VALUES (1, 'r', '/pictures')")
        many("INSERT INTO mask_blob VALUES (?, 1, 1, 0, 0, 0, 0, x'')", ((sha,) for sha in shas))
        places = (f"f{n % 97:02}/{n:06}.jpg" for n in numbers)
        many(
            _IMAGE,
            ((n, p, s, c, f"P{n // 3}") for n, p, s, c in zip(numbers, places, shas, labels, strict=True)),
        )
        many(
            _REVISION,
            (
                (n, str(uuid.UUID(int=n)), n, s, px)
                for n, s, px in zip(numbers, shas, ink.tolist(), strict=True)
            ),
        )
        many("INSERT INTO mask_head VALUES (?, 'exact', ?, 1)", ((n, n) for n in numbers))
        many(
            "INSERT INTO prediction VALUES (1, ?, ?, ?)",
            ((n, *pack(z)) for n, z in zip(numbers, logits, strict=True)),
        )
        many(
            _SALIENCY,
            (
                (1, n, px, px / 10, sha, len(classes), *pack(v))
                for n, px, sha, v in zip(numbers, ink.tolist(), shas, values, strict=True)
            ),
        )


def _read(project: Project) -> AuditData:
    (data,) = audit_data(project, (), mask_set=MaskSet.EXACT)
    return data


def _evidence(project: Project) -> None:
    """Read all that an audit rests on, as the job does."""
    basis = read_basis(project, ready_models(project, (), ModelKind.CLASSIFIER), mask_set=MaskSet.EXACT)
    (data,) = evidence_of(basis).tables
    basis.mask_sources(data.image_ids.tolist())


def _read_aggregates(project: Project, known: AuditData) -> AuditData:
    """Return what is known with its aggregates read again."""
    (run,) = project.store.saliency.runs()
    rows = project.store.saliency.table(run.id)
    of_explained = rows.values[np.arange(known.n), known.predicted]
    return replace(known, **dict(zip(COLUMNS[:4], of_explained.T, strict=False)))


def _figures(data: AuditData) -> None:
    """Compute what the window shows of m."""
    saliency = data.aggregate(Aggregator.MEAN)
    inter_class_variance(by_class(data, Aggregator.MEAN, rng=np.random.default_rng(0)))
    curve(saliency, data.correct)
    summarise(saliency, data.correct)


def measure() -> list[Row]:
    """Measure reading, and reading with auditing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        with Project.create(folder, name="Audit") as project:
            _model(project)
            classes = project.classes
        _fill(folder / DATABASE_NAME, classes)
        with Project.open(folder, read_only=True) as project:
            known = _read(project)
            subjects = {
                "aggregates": lambda: _figures(_read_aggregates(project, known)),
                "read": lambda: _read(project),
                "evidence": lambda: _evidence(project),
                "read and audit": lambda: _figures(_read(project)),
            }
            return [
                Row(f"{case}, {PICTURES:,} pictures", "ours", metric, value, "s")
                for case, seconds in cpu_seconds(subjects, rounds=ROUNDS).items()
                for metric, value in (
                    ("cpu_median_s", statistics.median(seconds)),
                    ("cpu_least_s", min(seconds)),
                )
            ]


if __name__ == "__main__":
    main(measure)

"""The table from which every figure of an audit can be recomputed: a row per model, method and picture."""

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from gsal.audit.data import AuditData
from gsal.files import replacing
from gsal.records import Aggregator
from gsal.spreadsheets import guarded

__all__ = ["columns", "rows", "write_csv"]

_BEFORE_LOGITS = (
    *("image", "patient_id", "label", "fold", "model", "seed", "cohort", "method", "mask_set"),
    *("explained", "predicted", "correct", "confidence"),
)
_AFTER_LOGITS = ("inked", "ink_px", "mask_area", "m", "n", "map_sum", "map_sum_sq", "map_pixels")


def _number(value: float) -> str:
    return f"{value:.17g}" if math.isfinite(value) else ""


def _classes(data: Sequence[AuditData]) -> list[str]:
    return list(dict.fromkeys(name for item in data for name in item.classes))


def columns(data: Sequence[AuditData]) -> list[str]:
    """Return the names of the columns; one logit column for each class that any model knows."""
    return [*_BEFORE_LOGITS, *(f"logit_{name}" for name in _classes(data)), *_AFTER_LOGITS]


def _rows_of(item: AuditData, classes: Sequence[str]) -> Iterator[list[str]]:
    correct, confidence = item.correct, item.confidence
    saliency = [item.aggregate(aggregator) for aggregator in (Aggregator.MEAN, Aggregator.PEAK)]
    numbers = (item.ink_px, item.mask_area, *saliency, item.map_sum, item.map_sum_sq)
    shared = [
        item.model,
        "" if item.seed is None else str(item.seed),
        item.cohort,
        item.method,
        item.mask_set,
    ]
    position = {name: index for index, name in enumerate(item.classes)}
    for row, image in enumerate(item.images):
        names = [item.classes[index[row]] for index in (item.true_class, item.explained, item.predicted)]
        logits = [_number(item.logits[row, position[name]]) if name in position else "" for name in classes]
        yield [
            *(guarded(cell) for cell in (image, str(item.patient[row]), names[0])),
            "" if item.fold is None else str(item.fold),
            *(guarded(cell) if index != 1 else cell for index, cell in enumerate(shared)),
            *(guarded(cell) for cell in names[1:]),
            str(int(correct[row])),
            _number(confidence[row]),
            *logits,
            str(int(item.inked[row])),
            *(_number(column[row]) for column in numbers),
            str(int(item.map_pixels[row])),
        ]


def rows(data: Sequence[AuditData]) -> Iterator[list[str]]:
    """Yield the cells of each row as text, in the order of `columns`.

    Numbers carry 17 significant digits; undefined ones, an unknown patient, fold or seed are empty.
    `correct` and `inked` are 1 or 0. `m` and `n` are empty on pictures that are not inked. Text that a
    spreadsheet would take for a formula, or that starts with ', has ' before it. An empty patient_id is a
    patient of its own.
    """
    classes = _classes(data)
    for item in data:
        yield from _rows_of(item, classes)


def write_csv(path: Path, data: Sequence[AuditData]) -> int:
    """Write the table, UTF-8 without BOM, and return the number of rows; the file is whole or absent.

    Args:
        path: Where to; an older file is replaced.
        data: One per model and method.
    """
    count = 0
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns(data))
        for cells in rows(data):
            writer.writerow(cells)
            count += 1
    return count

"""Which true classes stand out in ink saliency, each against all others, adjusted for their number."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.contrasts import ClassContrast
from gsal.reports.document import Cell, Column, Group, Table
from gsal.reports.sections.by_method import MethodEntries, by_method
from gsal.reports.sections.cells import estimate, p_value

__all__ = ["contrast_tables"]


def contrast_tables(entries: Sequence[AuditEntry], palette: Mapping[str, str]) -> Iterator[Table]:
    """Yield tables for each method, of mean and of peak; audits of earlier versions have none."""
    for method in by_method(entries):
        for aggregator in ("mean", "peak"):
            known = [entry for entry in method.of(aggregator) if entry.contrasts]
            if known:
                yield _table(method, aggregator, known, palette)


def _table(
    method: MethodEntries, aggregator: str, entries: Sequence[AuditEntry], palette: Mapping[str, str]
) -> Table:
    of_models = [{one.name: one for one in entry.contrasts} for entry in entries]
    names = dict.fromkeys(name for known in of_models for name in known)
    return Table(
        (
            Column("True class", align="left"),
            *(Column(title) for _ in entries for title in ("n", "less the others", "P, Holm")),
        ),
        tuple(
            (Cell(name), *(cell for known in of_models for cell in _cells(known.get(name)))) for name in names
        ),
        f"{method.title}, {aggregator}: saliency on ink of each class less that of the others, with 95 % "
        "intervals",
        (Group("", 1), *(Group(entry.model, 3, palette[entry.model]) for entry in entries)),
    )


def _cells(one: ClassContrast | None) -> tuple[Cell, Cell, Cell]:
    if one is None:
        return Cell(), Cell(), Cell()
    return Cell(str(one.n)), estimate(one.estimate, one.low, one.high), p_value(one.p_holm)

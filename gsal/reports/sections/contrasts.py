"""Which true classes stand out in ink saliency, each against all others, adjusted for their number."""

from collections.abc import Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.names import method_name
from gsal.reports.document import Cell, Column, Table
from gsal.reports.sections.cells import count, estimate, p_value

__all__ = ["contrasts"]


def contrasts(entries: Sequence[AuditEntry], palette: Mapping[str, str]) -> Table | None:
    """Return the table of all entries; None where none has contrasts, as in audits of earlier versions."""
    rows = tuple(
        (
            Cell(entry.model, colour=palette[entry.model]) if one is entry.contrasts[0] else Cell(),
            Cell(f"{method_name(entry.method)}, {entry.aggregator}" if one is entry.contrasts[0] else ""),
            Cell(one.name),
            count(one.n),
            estimate(one.estimate, one.low, one.high),
            p_value(one.p_value),
            p_value(one.p_holm),
        )
        for entry in entries
        for one in entry.contrasts
    )
    if not rows:
        return None
    titles = ("pictures", "class − others", "P", "P, Holm")
    return Table(
        (
            Column("Model", align="left"),
            Column("saliency", align="left"),
            Column("true class", align="left"),
            *(Column(title) for title in titles),
        ),
        rows,
        "Does a class stand out? Mean saliency on ink of each true class less that of all others, with 95 % "
        "intervals",
    )

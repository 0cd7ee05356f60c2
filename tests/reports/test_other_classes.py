"""Models that know different classes, in different order, stand in one table under the right names."""

from dataclasses import replace

from gsal.audit import Evidence, audit
from gsal.audit.names import number_text
from gsal.reports.content import ModelSummary, ReportContent
from gsal.reports.document import Table
from gsal.reports.sections import compose
from tests.reports.conftest import made


def test_rows_are_of_the_class_they_name(content: ReportContent) -> None:
    first = made(0, "first", "grad-cam", ("MEL", "NV", "BCC"))
    second = made(1, "second", "grad-cam", ("NV", "MEL"))
    result = audit(Evidence(tables=(first, second)))
    models = tuple(ModelSummary(name, "", None, "resnet18", "brought along") for name in ("first", "second"))
    document = compose(replace(content, audit=result, models=models))
    (section,) = (one for one in document.sections if one.anchor == "saliency")
    table = next(block for block in section.blocks if isinstance(block, Table))
    rows = {row[0].text: row for row in table.rows}
    assert list(rows)[:3] == ["MEL", "NV", "BCC"]
    means = {
        (entry.model, item.name): item.mean
        for entry in result.entries
        if entry.aggregator == "mean"
        for item in entry.classes
    }
    for name in ("MEL", "NV"):
        assert rows[name][2].text == number_text(means["first", name])
        assert rows[name][5].text == number_text(means["second", name])
    assert rows["BCC"][4].text == "0", "the second does not know it"
    assert rows["BCC"][5].text == "–"
    assert document.figures, "and they can be drawn"


def test_training_sets_may_lack_a_class(content: ReportContent) -> None:
    first, second = content.cohorts
    few = replace(
        second,
        n_by_class={name: n for name, n in second.n_by_class.items() if name != "MEL"},
        ink_rate_by_class={name: rate for name, rate in second.ink_rate_by_class.items() if name != "MEL"},
    )
    for cohorts in ((few, first), (first, few)):
        document = compose(replace(content, cohorts=cohorts))
        (section,) = (one for one in document.sections if one.anchor == "data")
        table = [block for block in section.blocks if isinstance(block, Table)][-1]
        cells = {row[0].text: row[1 + cohorts.index(few)] for row in table.rows}
        assert (cells["MEL"].text, cells["MEL"].small) == ("–", "n 0")

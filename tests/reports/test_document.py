"""What a report is made of, and that all of it is said."""

from dataclasses import replace

import pytest

from gsal.audit.names import number_text
from gsal.reports.content import ReportContent
from gsal.reports.document import Bullets, Cell, Column, Document, Facts, Figure, Group, Paragraph, Table
from gsal.reports.sections import compose

ANCHORS = (
    "findings", "data", "masks", "mask-quality", "models", "ink", "saliency", "response", "placebo", "tests",
    "gallery", "methods", "limits", "provenance",
)  # fmt: skip


def words(document: Document) -> str:
    """Return all running text and all cells."""
    found: list[str] = []
    of_sections = (block for section in document.sections for block in section.blocks)
    for block in (*document.summary, *of_sections):
        match block:
            case Paragraph():
                found.append(block.text)
            case Bullets():
                found += block.items
            case Facts():
                found += [text for entry in block.entries for text in (entry.name, *entry.texts)]
            case Table():
                found += [text for row in block.rows for cell in row for text in (cell.text, cell.small)]
            case Figure():
                found.append(block.caption)
    return "\n".join(found)


_BY_METHOD = (
    *("global-saliency", "variance", "agreement", "response-rate", "paired-errors", "paired-classes"),
)


def test_sections_stand_in_their_order(content: ReportContent, undefined: ReportContent) -> None:
    assert tuple(section.anchor for section in compose(content).sections) == ANCHORS
    bare = tuple(section.anchor for section in compose(undefined).sections)
    assert bare == tuple(anchor for anchor in ANCHORS if anchor not in {"gallery", "ink", "placebo"})


def test_everything_found_is_said(content: ReportContent, document: Document) -> None:
    text = words(document)
    for finding in content.audit.findings:
        assert finding.text in text
    for entry in content.audit.entries:
        assert f"{entry.response.aurrac:.2f}" in text
    for sentence in ("A note.", "0.1.0", "human masks", "Anna & <Bert>", "beats the best"):
        assert sentence in text
    assert {figure.name for figure in document.figures} == {
        "co-occurrence",
        "training",
        "mask-thresholds",
        "changed-pictures",
        "paired-answers",
        *(f"{kind}-{slug}" for kind in _BY_METHOD for slug in ("grad-cam", "competitive-gradient-input")),
    }


def test_what_the_ink_does_its_placebo_and_every_test_are_in_tables(
    content: ReportContent, document: Document
) -> None:
    tables = {
        section.anchor: [block for block in section.blocks if isinstance(block, Table)]
        for section in document.sections
    }
    changed, *called, ablation = tables["ink"]
    effects = content.audit.effects
    assert [row[0].text for row in changed.rows] == [effect.model for effect in effects]
    assert len(called) == len(effects)
    rate = next(one for one in effects[0].called if one.true_class == "all")
    assert called[0].rows[0][4].text == number_text(100 * rate.difference.estimate, 1)
    assert len(ablation.rows) == len(effects)
    reading, response = tables["placebo"]
    assert len(reading.rows) == len(response.rows) == len(content.audit.entries)
    assert reading.rows[0][5].text == "0.00", "the ink adds nothing to its own reading"
    of_models, *contrasts, pairs, answers = tables["tests"]
    assert len(contrasts) == 4, "of two methods, mean and peak"
    entry = content.audit.entries[0]
    for row, one in zip(contrasts[0].rows, entry.contrasts, strict=True):
        assert (row[0].text, row[2].text) == (one.name, number_text(one.estimate))
    assert len(of_models.rows) == len(content.audit.entries)
    assert len(pairs.rows) == len(content.audit.saliency_pairs)
    assert len(answers.rows) == 3 * len(content.audit.answer_pairs)


def test_folds_of_a_cross_validation_have_a_figure(content: ReportContent, document: Document) -> None:
    assert not [figure for figure in document.figures if figure.name.startswith("folds")]
    folds = {model.name: f"net-fold{fold}" for fold, model in enumerate(content.models)}
    entries = tuple(replace(one, model=folds[one.model]) for one in content.audit.entries)
    models = tuple(
        replace(model, name=folds[model.name], fold=fold) for fold, model in enumerate(content.models)
    )
    bare = replace(
        content.audit,
        entries=entries,
        placebos=(),
        effects=(),
        changes=(),
        saliency_pairs=(),
        answer_pairs=(),
        performance=(),
    )
    made = compose(replace(content, audit=bare, models=models))
    (figure,) = (one for one in made.figures if one.name == "folds-grad-cam")
    assert "over the folds" in figure.caption


def test_an_audit_of_an_earlier_version_lacks_what_is_new(content: ReportContent) -> None:
    entries = tuple(replace(one, spread=None, contrasts=()) for one in content.audit.entries)
    older = compose(replace(content, audit=replace(content.audit, entries=entries)))
    names = {figure.name for figure in older.figures}
    assert "variance-grad-cam" not in names
    assert "agreement-grad-cam" in names


def test_names_of_figures_are_unique_where_one_is_in_parts(crowded: ReportContent) -> None:
    names = [figure.name for figure in compose(crowded).figures]
    assert "global-saliency-grad-cam-2" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("row", "groups"), [((Cell("a"),), ()), ((Cell("a"), Cell("b")), (Group("over", 3),))]
)
def test_a_table_whose_parts_differ_in_width_is_a_bug(
    row: tuple[Cell, ...], groups: tuple[Group, ...]
) -> None:
    with pytest.raises(ValueError, match="has 2 columns"):
        Table((Column("one"), Column("two")), (row,), "Rows", groups)

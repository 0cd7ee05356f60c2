"""The first page: a line of words per model, none stronger than the findings."""

from dataclasses import replace

import pytest

from gsal.audit.findings import Finding, Strength, classes, errors, ink
from gsal.audit.findings.verdict import TOPIC as IN_SHORT
from gsal.reports import html
from gsal.reports.content import ReportContent
from gsal.reports.document import Facts, Table
from gsal.reports.sections import compose
from gsal.reports.sections.verdict import verdict

MODEL = "biased"


def found(content: ReportContent, *findings: Finding) -> ReportContent:
    """Return the content with these findings only."""
    return replace(content, audit=replace(content.audit, findings=findings))


def line(content: ReportContent) -> list[tuple[str, str, bool]]:
    """Return text, small text and weight of the words on the first model."""
    table = next(block for block in verdict(content) if isinstance(block, Table))
    assert table.rows[0][0].text == MODEL
    return [(cell.text, cell.small, cell.bold) for cell in table.rows[0][1:4]]


@pytest.mark.parametrize(
    ("strengths", "word"),
    [
        ((Strength.STRONG, Strength.CLEAR), ("strong evidence", "in 2 of 3 classes", True)),
        ((Strength.CLEAR, Strength.NOTE), ("evidence", "in 1 of 3 classes", True)),
        ((Strength.NONE, Strength.NOTE), ("no evidence", "", False)),
        ((Strength.UNDEFINED,), ("cannot be told", "", False)),
        ((Strength.NOTE,), ("not tested", "", False)),
        ((), ("not tested", "", False)),
    ],
)
def test_a_verdict_is_that_of_the_strongest_sentence(
    content: ReportContent, strengths: tuple[Strength, ...], word: tuple[str, str, bool]
) -> None:
    findings = [Finding(ink.TOPIC, "Said.", strength, MODEL) for strength in strengths]
    others = Finding(ink.TOPIC, "Of another.", Strength.STRONG, "unbiased")
    assert line(found(content, *findings, others))[0] == word


def test_readings_are_counted_among_all_of_the_model(content: ReportContent) -> None:
    content = found(
        content,
        Finding(classes.TOPIC, "Classes differ.", Strength.CLEAR, MODEL),
        Finding(errors.TOPIC, "More.", Strength.CLEAR, MODEL),
        Finding(errors.TOPIC, "Less.", Strength.CLEAR, MODEL),
        Finding(errors.TOPIC, "Nothing.", Strength.NONE, MODEL),
    )
    assert line(content) == [
        ("not tested", "", False),
        ("evidence", "in 1 of 2 readings", True),
        ("evidence", "in 2 of 4 readings", True),
    ]


def test_the_answer_in_short_stands_on_the_first_page_and_claims_are_marked(content: ReportContent) -> None:
    content = found(
        content,
        Finding(IN_SHORT, "Ink changes what it says.", Strength.STRONG, MODEL),
        Finding(IN_SHORT, "No evidence of another.", Strength.NONE, "unbiased"),
        Finding(ink.TOPIC, "Much more often.", Strength.STRONG, MODEL),
        Finding(ink.TOPIC, "It changes 10 %.", Strength.NOTE, MODEL),
    )
    (facts,) = (block for block in verdict(content) if isinstance(block, Facts))
    assert [(entry.name, entry.texts, entry.marked) for entry in facts.entries] == [
        (MODEL, ("Ink changes what it says.",), (0,)),
        ("unbiased", ("No evidence of another.",), ()),
    ]
    page = html.render(compose(content))
    assert page.count("Ink changes what it says.") == 1, "it is not said twice"
    assert '<p class="marked">Strong evidence. Much more often.</p>' in page
    assert "<p>It changes 10 %.</p>" in page


def test_of_many_models_one_sentence_each(crowded: ReportContent) -> None:
    (facts,) = (block for block in verdict(crowded) if isinstance(block, Facts))
    assert len(facts.entries) == 6
    assert {len(entry.texts) for entry in facts.entries} == {1}


def test_where_nothing_was_audited_there_is_none(content: ReportContent) -> None:
    assert verdict(replace(content, audit=replace(content.audit, entries=()))) == ()

"""What the tables of methods and of ink's effect say of figures that are undefined."""

import numpy as np

from gsal.audit.counterfactual import Pairs, counterfactual_of
from gsal.audit.methods import Completeness, FailureOrder, MethodFigures
from gsal.jobs.audits.effect_words import gain_rows
from gsal.jobs.audits.effect_words import undefined_words as effect_undefined
from gsal.jobs.audits.method_words import COLUMNS, counted_text, method_rows, todo_words, undefined_words
from gsal.jobs.audits.methods import MethodEntry, ModelMethods
from gsal.records import Variant


def test_the_terminal_counts_and_says_why_a_figure_is_undefined() -> None:
    nothing, none = Completeness(float("nan"), 0, "no logit"), float("nan")
    failed = tuple(
        FailureOrder(name, value, none, none, n, 30, reason, "by resampling")
        for name, value, n, reason in (("m", 0.5, 1234, ""), ("n", none, 0, "every answer is right"))
    )
    figures = MethodFigures("gradient", 5000, 1234, nothing, (), failed)
    entries = (
        MethodEntry("gradient", 5000, "", figures, None, 1.0),
        MethodEntry("occlusion", 0, "It is a program.", None, None, 1.0),
        MethodEntry("smoothgrad", 0, "", None, None, 1.0),
    )
    methods = ModelMethods("net", "rule", 5000, 1, entries)
    row = dict(zip([column.title for column in COLUMNS], method_rows(methods)[0], strict=True))
    assert counted_text(row["AURRAC (m)"]) == "0.50 (n 1,234)"
    assert counted_text(row["AURRAC (n)"]) == "–"
    assert undefined_words(methods) == [
        "Gradient, Gap: undefined: no logit.",
        "Gradient, AURRAC (n): undefined: every answer is right.",
        "Occlusion, Gap; Occlusion, Sanity: it is a program.",
    ]
    assert "1 inked picture is not predicted" in " ".join(todo_words(methods))


def test_a_class_without_an_interval_says_why() -> None:
    rng = np.random.default_rng(0)
    pairs = Pairs(
        model="net",
        classes=("MEL", "NV", "BCC"),
        variant=Variant.INPAINTED,
        image_ids=np.arange(9),
        patient=np.array([f"p{number}" for number in range(9)]),
        true_class=np.array([0] * 8 + [1]),
        before=rng.normal(size=(9, 3)),
        after=rng.normal(size=(9, 3)),
    )
    figures = counterfactual_of(pairs)
    assert effect_undefined(figures) == [
        "NV: fewer than two patients: no interval.",
        "BCC: no picture has this variant.",
    ]
    assert gain_rows(figures)[1][0][:2] == ("MEL", "9")

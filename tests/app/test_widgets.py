"""Parts that several pages use: what they show is seen whole."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.theme import Theme
from app.training.curves import Curves
from app.widgets.controls import push_button
from app.widgets.empty_state import EmptyState


def test_a_long_sentence_of_an_empty_view_is_seen_whole(qtbot: QtBot, theme: Theme) -> None:
    del theme
    empty = EmptyState("Nothing yet", "A sentence that is long. " * 12, push_button("b", "Go", "Go"))
    qtbot.addWidget(empty)
    empty.resize(900, 600)
    with qtbot.waitExposed(empty):
        empty.show()
    sentence = empty.findChild(QLabel, "emptySentence")
    assert sentence is not None
    one_line = sentence.fontMetrics().height()
    assert sentence.height() >= sentence.heightForWidth(sentence.width()) > 2 * one_line
    assert abs(sentence.mapTo(empty, sentence.rect().center()).x() - 450) <= 2


def test_epochs_are_whole(qtbot: QtBot, theme: Theme) -> None:
    curves = Curves(theme)
    qtbot.addWidget(curves)
    axis = curves.loss.getAxis("bottom")
    for last in (2.0, 3.0, 40.0):
        ticks = [value for _, values in axis.tickValues(1.0, last, 600) for value in values]
        assert ticks
        assert all(float(value).is_integer() for value in ticks)

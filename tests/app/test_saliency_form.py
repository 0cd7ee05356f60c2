"""Asking for saliency in the window: what is chosen is asked for, and other runs are not mixed in."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.audit.page import AuditPage
from app.audit.saliency_dialog import SaliencyDialog
from app.audit.saliency_form import SaliencyForm
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import PAPER_METHODS, MaskSet, SaliencyMethod


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> SaliencyDialog:
    del theme
    refused = {SaliencyMethod.GUIDED_GRAD_CAM: "It hides its layers."}
    made = SaliencyDialog(SaliencyForm(("net",), classes=7, mask_set=MaskSet.NETWORK, refused=refused))
    qtbot.addWidget(made)
    return made


@pytest.fixture
def form(dialog: SaliencyDialog) -> SaliencyForm:
    return dialog.form


def test_what_nobody_touched_is_the_usual(form: SaliencyForm) -> None:
    usual = ComputeSaliency(("net",), tuple(map(str, PAPER_METHODS)), ("network",), ("ink-inpainted",))
    assert form.job() == usual
    assert not form.settings.isVisibleTo(form)


def test_what_is_chosen_is_asked_for(form: SaliencyForm) -> None:
    form.methods[SaliencyMethod.SMOOTHGRAD].setChecked(True)
    form.methods[SaliencyMethod.COMPETITIVE].setChecked(False)
    form.mask_sets[MaskSet.RULE].setChecked(True)
    form.placebo.setChecked(False)
    form.competition.setCurrentIndex(1)
    form.more.click()
    assert form.settings.isVisibleTo(form)
    form.settings.layer.setText(" denseblock4 ")
    form.settings.centred.setChecked(True)
    form.settings.fast.setChecked(True)
    form.settings.samples.setValue(50)
    form.settings.percentile.setValue(95)
    assert form.job() == ComputeSaliency(
        ("net",),
        methods=("grad-cam", "smoothgrad"),
        mask_sets=("network", "rule"),
        competition="pfau-2019",
        layer="denseblock4",
        centred=True,
        precision="fast",
        samples=50,
        percentile=95.0,
    )
    refused = form.methods[SaliencyMethod.GUIDED_GRAD_CAM]
    assert not refused.isEnabled()
    assert refused.toolTip() == "It hides its layers."


def test_costs_follow_what_is_chosen_and_how(form: SaliencyForm) -> None:
    cost = form.costs[SaliencyMethod.SMOOTHGRAD]
    few, alone = int(cost.text().replace(",", "")), form.together.text()
    form.settings.samples.setValue(2 * form.settings.samples.value())
    assert int(cost.text().replace(",", "")) == pytest.approx(2 * few, rel=0.02)
    assert form.together.text() == alone, "it is not chosen"
    form.methods[SaliencyMethod.SMOOTHGRAD].setChecked(True)
    assert form.together.text() != alone
    assert form.together.text().endswith("twice where there is ink")
    form.placebo.setChecked(False)
    assert not form.together.text().endswith("ink")


def test_without_a_method_or_a_mask_set_nothing_starts(qtbot: QtBot, dialog: SaliencyDialog) -> None:
    form = dialog.form
    assert dialog.start.isEnabled()
    form.mask_sets[MaskSet.NETWORK].setChecked(False)
    assert not dialog.start.isEnabled()
    assert dialog.start.toolTip() == "Choose a method and a mask set"
    form.mask_sets[MaskSet.EXACT].setChecked(True)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.start.click()
    assert chosen.args == [form.job()]


def batch(classes: int, **settings: str) -> SaliencyBatch:
    return SaliencyBatch(
        model="biased",
        method="grad-cam",
        image_ids=np.array([1]),
        true_class=np.zeros(1, np.int64),
        predicted=np.zeros(1, np.int64),
        explained=np.zeros(1, np.int64),
        logits=np.zeros((1, classes)),
        mean=np.ones(1),
        peak=np.ones(1),
        map_sum=np.zeros(1),
        map_sum_sq=np.ones(1),
        map_pixels=4,
        inked=np.ones(1, np.bool_),
        ink_px=np.ones(1),
        mask_area=np.ones(1),
        patients=("p",),
        **{"mask_set": "rule", **settings},
    )


def test_figures_take_only_the_usual_runs_over_the_chosen_masks(
    qtbot: QtBot, finished: Path, theme: Theme
) -> None:
    with Project.open(finished, read_only=True) as project:
        manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
        page = AuditPage(project, manager, theme)
        qtbot.addWidget(page)
        qtbot.waitUntil(lambda: page.source.stored is not None)
        chooser = page.choosers.mask_set
        chooser.setCurrentIndex(chooser.findData(MaskSet.RULE))
        qtbot.waitUntil(lambda: not page.source.figures.models)
        task, classes = Task(ComputeSaliency()), len(project.classes)
        for other in ({"mask_set": "exact"}, {"variant": "ink-inpainted"}, {"settings": "pfau-2019"}):
            page.source._take_event(task, batch(classes, **other))
        assert page.source.collected.count("biased", "grad-cam") == 0
        page.source._take_event(task, batch(classes))
        assert page.source.collected.count("biased", "grad-cam") == 1
        page.shut_down()

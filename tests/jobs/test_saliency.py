"""The saliency job: several mask sets, variants and settings in one pass, and going on after any stop."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gsal.errors import GsalError, ModelError
from gsal.jobs.audits.rows import audit_data
from gsal.jobs.copy_project import copy_project
from gsal.jobs.masks.making import new_mask
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.masks import codec
from gsal.progress import Event, JobCancelled, JobContext, Notice, Progress, SaliencyBatch
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    MaskSet,
    MaskSource,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRunSettings,
    Variant,
)
from gsal.saliency import engine, fast
from tests.postgresql import Server, connect

REPOSITORY = Path(__file__).parents[2]
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
CAM, CGI = str(SaliencyMethod.GRAD_CAM), str(SaliencyMethod.COMPETITIVE)

Rows = dict[int, SaliencyRow]


@pytest.fixture
def project(finished_copy: Path) -> Iterator[Project]:
    """A project with two trained networks, and saliency of both over the exact masks."""
    with Project.open(finished_copy) as opened:
        yield opened


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> Counter[SaliencyMethod]:
    """Count how many pictures each method is computed of."""
    counts: Counter[SaliencyMethod] = Counter()
    explain = engine.explain

    def counted(model: Any, images: torch.Tensor, methods: Any, options: Any) -> Any:
        counts.update(dict.fromkeys(methods, len(images)))
        return explain(model, images, methods, options)

    monkeypatch.setattr(engine, "explain", counted)
    return counts


def runs(project: Project, model: str = "biased") -> dict[SaliencyRunSettings, Rows]:
    store = project.store
    return {r.settings: store.saliency.rows(r.id) for r in store.saliency.runs(store.models.get(model).id)}


def only(project: Project, **wanted: object) -> Rows:
    """Return the rows of the one run with these settings."""
    (found,) = [
        rows
        for settings, rows in runs(project).items()
        if all(getattr(settings, name) == value for name, value in wanted.items())
    ]
    return found


def compute(project: Project, **settings: Any) -> tuple[dict[str, Any], list[Event]]:
    events: list[Event] = []
    settings = {"models": ("biased",), "methods": (CAM,), "mask_sets": ("rule",), **settings}
    return run_job(ComputeSaliency(**settings), project, JobContext(events.append)), events


def assert_same(found: Rows, expected: Rows) -> None:
    assert found.keys() == expected.keys()
    for number, row in expected.items():
        np.testing.assert_allclose(found[number].values, row.values, rtol=1e-4, atol=1e-5)
        assert found[number].mask_sha256 == row.mask_sha256


def test_a_map_is_computed_once_for_all_mask_sets(
    project: Project, explained: Counter[SaliencyMethod]
) -> None:
    before = only(project, method=CAM, mask_set="exact")
    done, events = compute(project, methods=(CAM, CGI), mask_sets=("rule", "network", "exact"))
    n = len(before)
    assert explained == {CAM: n, CGI: n}
    assert [one["computed"] for one in done["runs"]] == [n, n, n, n, 0, 0], "the exact ones were there"
    of_mask_set = {s: only(project, method=CAM, mask_set=s) for s in ("rule", "network")}
    for number, row in of_mask_set["rule"].items():
        other = of_mask_set["network"][number]
        np.testing.assert_array_equal(row.values[:, 2:], other.values[:, 2:], "sums and gap are of the map")
        np.testing.assert_allclose(row.values[:, 2:], before[number].values[:, 2:], rtol=1e-4, atol=1e-4)
        mask = project.store.masks.best([number], MaskSet.RULE)[number]
        assert (row.mask_sha256, row.ink_px) == (mask.sha256, mask.ink_px)
    batches = [event for event in events if isinstance(event, SaliencyBatch)]
    assert {(b.method, b.mask_set, b.variant, b.settings) for b in batches} == {
        (method, mask_set, "original", "") for method in (CAM, CGI) for mask_set in ("rule", "network")
    }
    assert sum(len(b.image_ids) for b in batches) == 4 * n


def test_the_placebo_is_the_same_mask_on_the_picture_without_ink(project: Project) -> None:
    exact = project.store.masks.best(None, MaskSet.EXACT)
    original = only(project, method=CGI, mask_set="exact")
    inked = {i for i in original if exact[i].ink_px > project.min_ink_px}
    done, events = compute(project, methods=(CGI,), mask_sets=("exact",), variants=(str(Variant.INPAINTED),))
    assert [(o["variant"], o["pictures"], o["computed"]) for o in done["runs"]] == [
        ("original", len(original), 0),
        ("ink-inpainted", len(inked), len(inked)),
    ]
    placebo = only(project, variant=Variant.INPAINTED)
    assert placebo.keys() == inked, "without ink there is nothing to take away"
    model = project.store.models.get("biased")
    bases = {number: row.mask_sha256 for number, row in placebo.items()}
    answers = project.store.predictions.all(
        model.id, variant=Variant.INPAINTED, mask_set="exact", bases=bases
    )
    assert answers.keys() == inked
    for number, row in placebo.items():
        assert row.mask_area == original[number].mask_area
        assert row.mask_sha256 not in {original[number].mask_sha256, ""}, "it rests on more than the mask"
    data = audit_data(project, ("biased",), mask_set="exact")
    assert [one.method for one in data] == [CAM, CGI]
    np.testing.assert_array_equal(np.sort(data[1].image_ids), np.sort(list(original)))
    assert {e.variant for e in events if isinstance(e, SaliencyBatch)} == {"ink-inpainted"}


def test_edges_where_ink_is_painted_over_are_fainter_than_those_of_ink(project: Project) -> None:
    """Sobel edges know nothing of the network, and so see what was done to the picture."""
    compute(project, methods=("sobel",), mask_sets=("exact",), variants=(str(Variant.INPAINTED),))
    original, placebo = (
        only(project, method="sobel", variant=v) for v in (Variant.ORIGINAL, Variant.INPAINTED)
    )
    drawn = np.array([original[i].values[0, 0] for i in placebo])
    without = np.array([row.values[0, 0] for row in placebo.values()])
    assert np.mean(np.abs(without) < np.abs(drawn)) > 0.9


def test_another_setting_is_another_run_and_no_audit_rests_on_it(project: Project) -> None:
    before = runs(project)
    other = {
        "competition": "pfau-2019",
        "centred": True,
        "layer": "denseblock2",
        "percentile": 90.0,
    }
    for name, value in other.items():
        compute(project, methods=(CAM, CGI), mask_sets=("exact",), **{name: value})
    after = runs(project)
    assert before.keys() < after.keys()
    new = {(s.method, s.preset, s.layer != "", s.peak_percentile) for s in after.keys() - before.keys()}
    assert new == {
        (CGI, "pfau-2019", False, 98.0),
        (CAM, "centred", True, 98.0),
        (CAM, "denseblock2", True, 98.0),
        (CAM, "", True, 90.0),
        (CGI, "gupta-arora", False, 90.0),
    }
    for settings, rows in before.items():
        assert_same(after[settings], rows)
    usual = only(project, method=CAM, preset="", peak_percentile=98.0)
    wider = only(project, method=CAM, preset="", peak_percentile=90.0)
    with_ink = [i for i, row in usual.items() if row.mask_area > 0]
    assert any(usual[i].values[0, 1] != wider[i].values[0, 1] for i in with_ink)
    centred = only(project, method=CAM, preset="centred")
    for row in centred.values():
        np.testing.assert_allclose(row.values[:, COLUMNS.index("map_sum")].sum(), 0, atol=1e-3)
    audited = audit_data(project, ("biased",), mask_set="exact")
    assert [one.method for one in audited] == [CAM, CGI]
    by_number = dict(zip(audited[0].image_ids.tolist(), audited[0].map_sum.tolist(), strict=True))
    assert by_number == {
        i: row.values[audited[0].predicted[at], COLUMNS.index("map_sum")]
        for at, (i, row) in enumerate((i, usual[i]) for i in audited[0].image_ids.tolist())
    }
    compute(project, mask_sets=("rule",), centred=True)
    assert latest_mask_set(project) == MaskSet.EXACT, "an audit would find nothing over the others"


def test_only_what_is_missing_is_computed(project: Project, explained: Counter[SaliencyMethod]) -> None:
    n = len(only(project, method=CAM, mask_set="exact"))
    number = min(only(project, method=CAM, mask_set="exact"))
    old = codec.decode(project.store.masks.load(project.store.masks.best([number], MaskSet.EXACT)[number].id))
    project.store.masks.add_many([new_mask(number, ~old, MaskSource.EXACT)])
    done, events = compute(project, methods=(CAM, CGI, "gradient"), mask_sets=("exact",))
    assert [one["computed"] for one in done["runs"]] == [1, 1, n], "the mask of one has changed"
    assert explained[SaliencyMethod.GRADIENT] == n
    assert explained[SaliencyMethod.GRAD_CAM] <= 32, "of one batch, not of all"
    said = " ".join(e.text for e in events if isinstance(e, Notice))
    assert "grad-cam 1 forward pass a picture" in said, "the cost is told before it starts"
    assert done["runs"][0]["pictures"] == n
    explained.clear()
    again, events = compute(project, methods=(CAM, CGI, "gradient"), mask_sets=("exact",))
    assert not explained
    assert not any(isinstance(e, Notice) for e in events)
    assert [one["computed"] for one in again["runs"]] == [0, 0, 0]


def test_dear_methods_are_stored_picture_by_picture(project: Project) -> None:
    ctx = JobContext()
    ctx.emit = lambda e: ctx.cancel.set() if isinstance(e, Progress) and e.done >= 3 else None
    job = ComputeSaliency(("biased",), ("occlusion",), ("rule",))
    with pytest.raises(JobCancelled):
        run_job(job, project, ctx)
    assert len(only(project, method="occlusion")) == 3


def test_fast_mode_is_checked_on_the_network_before_its_first_row(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast, "has_bfloat16", lambda _: True)
    monkeypatch.setattr(fast, "TOLERANCE", 0.0)
    with pytest.raises(ModelError, match="Use float32"):
        compute(project, methods=(CAM, CGI), mask_sets=("exact",), precision="fast")
    assert not any(one.precision == "fast" for one in runs(project)), "and nothing was begun"
    monkeypatch.setattr(fast, "TOLERANCE", 10.0)
    done, events = compute(project, methods=(CAM, CGI), mask_sets=("exact",), precision="fast")
    assert any("fast mode was checked on" in e.text for e in events if isinstance(e, Notice))
    exact, quick = (only(project, method=CGI, precision=precision) for precision in ("float32", "fast"))
    assert done["runs"][0]["computed"] == len(quick) == len(exact)
    differs = [not np.array_equal(exact[i].values[:, 2], quick[i].values[:, 2]) for i in exact]
    assert any(differs), "another precision is another run"
    assert [one.method for one in audit_data(project, ("biased",), mask_set="exact")] == [CAM, CGI]


def test_every_model_is_asked_before_the_first_is_explained(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(project.store.saliency.runs())
    asked: list[int] = []

    def check(*args: object) -> fast.FastCheck:
        asked.append(len(args))
        if len(asked) == 2:
            raise ModelError("The second network is not fit. Use float32.")
        return fast.FastCheck(16, 0.0, 0.0)

    monkeypatch.setattr(fast, "check_fast", check)
    with pytest.raises(ModelError, match="second network"):
        compute(project, models=("biased", "unbiased"), methods=(CGI,), precision="fast")
    assert len(project.store.saliency.runs()) == before


def test_a_placebo_is_told_apart_in_what_it_costs(project: Project) -> None:
    _, events = compute(project, methods=("gradient",), mask_sets=("exact",), variants=("ink-inpainted",))
    inked = len(only(project, method="gradient", variant="ink-inpainted"))
    all_of_them = len(only(project, method="gradient", variant="original"))
    assert inked < all_of_them
    said = " ".join(e.text for e in events if isinstance(e, Notice))
    assert f"for {all_of_them} pictures, {inked} of them once more with their ink changed" in said


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"methods": ("lime",)}, "the methods are grad-cam"),
        ({"mask_sets": ("mine",)}, "no mask set mine"),
        ({"mask_sets": ()}, "name one of"),
        ({"mask_sets": ("adjudicated",)}, r"None of the \d+ pictures that judge biased has a mask"),
        ({"variants": ("ink-free-crop",)}, "cannot be aggregated"),
        ({"variants": ("inverted",)}, "the variants are original, ablated, ink-inpainted, ink-blurred.$"),
        ({"competition": "none"}, "there are gupta-arora"),
        ({"precision": "float16"}, "there are float32"),
        ({"percentile": 101.0}, "from 0 to 100"),
        ({"steps": 0}, "at least one"),
        ({"layer": "denseblock9"}, "no layer"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_computed(
    project: Project, settings: dict[str, Any], error: str
) -> None:
    before = len(project.store.saliency.runs())
    with pytest.raises((GsalError, ModelError), match=error):
        compute(project, **settings)
    assert len(project.store.saliency.runs()) == before


def terminal(folder: Path, *how: str, wait: bool = True) -> "subprocess.Popen[str]":
    options = ("--model", "biased", "--mask-set", "rule", "--mask-set", "network", "--method", CAM)
    more = ("--method", CGI, "--variant", str(Variant.INPAINTED), "--json")
    started = subprocess.Popen(
        [sys.executable, *how, "-m", "gsal", "saliency", str(folder), *options, *more],
        cwd=REPOSITORY,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if wait:
        _, said = started.communicate()
        assert started.returncode == 0, said[-3000:]
    return started


def of_new_sets(folder: Path) -> dict[SaliencyRunSettings, Rows]:
    with Project.open(folder, read_only=True) as project:
        return {s: rows for s, rows in runs(project).items() if s.mask_set in {"rule", "network"}}


def test_killed_and_started_again_it_comes_to_the_same(finished: Path, tmp_path: Path) -> None:
    whole, killed = (Path(shutil.copytree(finished, tmp_path / name)) for name in ("whole", "killed"))
    terminal(whole)
    expected = of_new_sets(whole)
    started = terminal(killed, wait=False)
    while not any(of_new_sets(killed).values()):
        assert started.poll() is None, started.communicate()
        time.sleep(0.05)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    kept = of_new_sets(killed)
    assert 0 < sum(map(len, kept.values())) < sum(map(len, expected.values()))
    terminal(killed)
    found = of_new_sets(killed)
    assert found.keys() == expected.keys()
    assert len(found) == 8
    for settings, rows in expected.items():
        assert_same(found[settings], rows)
        for number, row in kept.get(settings, {}).items():
            np.testing.assert_array_equal(found[settings][number].values, row.values)


def test_two_processes_store_what_one_does(finished: Path, tmp_path: Path) -> None:
    alone, together = (Path(shutil.copytree(finished, tmp_path / name)) for name in ("alone", "together"))
    terminal(alone)
    terminal(together, *TORCHRUN)
    ours, theirs = of_new_sets(alone), of_new_sets(together)
    assert ours.keys() == theirs.keys()
    for settings, rows in ours.items():
        assert_same(theirs[settings], rows)


_NOTE_WRITERS = """
    CREATE TABLE written_by (pid int);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO written_by VALUES (pg_backend_pid()); RETURN NULL; END';
    CREATE TRIGGER noted AFTER INSERT ON saliency_value FOR EACH ROW EXECUTE FUNCTION note();
"""


def test_on_a_server_each_process_writes_its_own(finished: Path, tmp_path: Path, postgresql: Server) -> None:
    with postgresql.database() as url:
        copy_project(finished, tmp_path / "served", JobContext(), server=url)
        with connect(url) as connection:
            connection.execute(_NOTE_WRITERS)
        terminal(tmp_path / "served", *TORCHRUN)
        stored = sum(map(len, of_new_sets(tmp_path / "served").values()))
        with connect(url) as connection:
            counts = connection.execute("SELECT count(*) FROM written_by GROUP BY pid").fetchall()
    assert len(counts) == 2
    assert sum(n for (n,) in counts) == stored

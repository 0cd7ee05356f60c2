"""The terminal program as a user and as a script meet it."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

from gsal.cli import app
from gsal.jobs.job import to_settings
from gsal.jobs.masks.making import new_mask
from gsal.jobs.masks.propose import Propose
from gsal.masks.codec import decode
from gsal.models.registry import build_classifier
from gsal.project import Project
from gsal.records import MaskSet, MaskSource, ReaderKind
from gsal.version import __version__
from tests.models.made_files import Classes, write_exported


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_version_and_help() -> None:
    assert run("--version").stdout.strip() == __version__
    shown = run("--help").stdout
    for command in (
        "new",
        "import",
        "propose",
        "segment",
        "cohort",
        "train",
        "predict",
        "saliency",
        "audit",
        "report",
        "jobs",
        "agreement",
        "counterfactual",
        "methods",
    ):
        assert f" {command} " in shown


def test_audit_json_has_every_field_for_every_model_method_and_aggregator(finished_copy: Path) -> None:
    result = run("audit", finished_copy, "--mask-set", "exact", "--json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert {(r["model"], r["method"], r["aggregator"]) for r in rows} == {
        (model, method, aggregator)
        for model in ("biased", "unbiased")
        for method in ("grad-cam", "competitive-gradient-input")
        for aggregator in ("mean", "peak")
    }
    expected = (
        "model seed cohort method aggregator mask_set n accuracy aurrac oracle aurrac_normalised "
        "failure_auroc rank_loss kendall_tau inter_class_variance classes"
    )
    assert all(list(row) == expected.split() for row in rows)
    assert list(rows[0]["classes"][0]) == ["class", "mean", "low", "high", "n"]
    assert rows[0]["mask_set"] == "exact"


def test_predictions_are_tables_for_people_and_json_for_machines(finished_copy: Path) -> None:
    asked = ("predict", finished_copy, "--model", "biased", "--mask-set", "exact", "--variant", "ablated")
    shown = run(*asked)
    assert shown.exit_code == 0, shown.stderr
    for words in ("by the exact masks", "Macro AUROC", "uninked", "not assessable", "Answer stays"):
        assert words in shown.stdout
    result = json.loads(run(*asked, "--json").stdout)
    assert result["variants"] == ["original", "ablated"]
    (model,) = result["models"]
    figures = model["figures"]
    assert list(figures) == ["name", "performance", "recall", "changes", "ablated_training"]
    assert [one["subset"] for one in figures["performance"]] == ["all", "inked", "uninked"]
    (change,) = figures["changes"]
    assert change["turned_to"] == "Other"
    assert list(change["unchanged"]) == ["estimate", "low", "high", "n", "method"]
    refused = run("predict", finished_copy, "--variant", "upside-down")
    assert refused.exit_code == 1
    assert "ink-free-crop" in refused.stderr


def test_cohort_list_json(finished: Path) -> None:
    cohorts = json.loads(run("cohort", "list", finished, "--json").stdout)
    assert [c["name"] for c in cohorts][:2] == ["biased", "unbiased"]
    assert list(cohorts[0]) == ["name", "kind", "n", "n_by_class", "ink_rate_by_class"]
    assert sum(cohorts[0]["n_by_class"].values()) == cohorts[0]["n"]
    assert "biased (rates)" in run("cohort", "list", finished).stdout


def test_per_image_table(finished: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    result = run("export", "per-image", finished, file, "--mask-set", "exact", "--json")
    assert result.exit_code == 0, result.stderr
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert json.loads(result.stdout)["rows"] == len(rows)
    with Project.open(finished, read_only=True) as project:
        logits = [f"logit_{name}" for name in project.classes]
    before = (
        "image patient_id label fold model seed cohort method mask_set explained predicted correct confidence"
    )
    after = "inked ink_px mask_area m n map_sum map_sum_sq map_pixels"
    assert list(rows[0]) == [*before.split(), *logits, *after.split()]
    assert {row["inked"] for row in rows} == {"0", "1"}
    assert all((row["m"] == "") == (row["inked"] == "0") for row in rows)


def test_masks_come_back_bit_for_bit(finished: Path, pool: Path, tmp_path: Path) -> None:
    assert run("export", "masks", finished, tmp_path / "out", "--mask-set", "exact").exit_code == 0
    assert (tmp_path / "out" / "masks.csv").is_file()
    copy = tmp_path / "copy"
    classes = "MEL,NV,BCC,SCC,AK,SK,Other"
    assert run("new", copy, "--classes", classes).exit_code == 0
    assert run("import", "images", copy, pool, "--labels", pool / "labels.csv").exit_code == 0
    result = run("import", "masks", copy, tmp_path / "out", "--json")
    assert json.loads(result.stdout)["problems"] == []
    with Project.open(finished, read_only=True) as one, Project.open(copy, read_only=True) as other:
        hashes = [
            {p.store.images.get(i).path: m.sha256 for i, m in p.store.masks.best().items()}
            for p in (one, other)
        ]
    assert hashes[0] == hashes[1]


def test_masks_go_out_and_in_as_coco(finished: Path, pool: Path, tmp_path: Path) -> None:
    out, copy = tmp_path / "out", tmp_path / "copy"
    options = ("--mask-set", "exact", "--format", "coco", "--hide-names", "--json")
    written = json.loads(run("export", "masks", finished, out, *options).stdout)
    assert run("new", copy).exit_code == 0
    assert run("import", "images", copy, pool, "--labels", pool / "labels.csv").exit_code == 0
    result = run("import", "masks", copy, out / "masks.coco.json", "--format", "coco", "--json")
    assert json.loads(result.stdout)["imported"] == written["masks"] > 0
    none = run("import", "masks", copy, out, "--format", "coco", "--label", "lesion", "--json")
    assert json.loads(none.stdout)["left_out_labels"] == {"ink": written["masks"]}
    assert "not being ink or having no area: ink" in none.stderr
    assert "no format tiff" in run("import", "masks", copy, out, "--format", "tiff").stderr


def test_a_validation_set_is_chosen_changed_and_locked(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        project.store.readers.add("Ada", ReaderKind.EXPERT)
        names = [image.path for image in project.store.images.all()]
    assert json.loads(run("validation", "status", finished_copy, "--json").stdout) is None
    assert "gsal validation choose" in run("validation", "status", finished_copy).stdout
    chosen = json.loads(run("validation", "choose", finished_copy, "--n", 8, "--json").stdout)
    assert (chosen["n_members"], sum(chosen["strata"].values())) == (8, 8)
    with Project.open(finished_copy, read_only=True) as project:
        members = {member.image_id for member in project.store.validation.members()}
        inside = next(image.path for image in project.store.images.all() if image.id in members)
    smaller = json.loads(run("validation", "remove", finished_copy, inside, "--json").stdout)
    assert (smaller["n_members"], smaller["n_wanted"], smaller["locked"]) == (7, 8, None)
    assert json.loads(run("validation", "add", finished_copy, inside, "--json").stdout)["n_members"] == 8
    assert "named zz.png" in run("validation", "add", finished_copy, "zz.png").stderr
    assert run("validation", "lock", finished_copy, "--reader", "Ada").exit_code == 1
    assert json.loads(run("validation", "status", finished_copy, "--json").stdout)["locked"] is None
    locked = run("validation", "lock", finished_copy, "--reader", "Ada", "--yes")
    assert "8 pictures. No network" in locked.stdout
    status = json.loads(run("validation", "status", finished_copy, "--json").stdout)
    assert status["locked_by"] == "Ada"
    assert status["locked_out"] >= 8
    assert set(status["half_width_for_share"]) == {"0.95", "0.90"}
    assert "by Ada" in run("validation", "status", finished_copy).stdout
    refused = run("validation", "add", finished_copy, names[0])
    assert refused.exit_code == 1
    assert "locked since" in refused.stderr


def test_an_evaluation_tells_by_what_people_began_from(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        store = project.store
        ada = store.readers.add("Ada", ReaderKind.EXPERT)
        card = store.models.get("bisenet").run_card
        seen = {*card["training_images"], *card["validation_images"]}
        patients = {image.patient for image in store.images.get_many(seen)}
        unseen = [image.id for image in store.images.all() if image.patient not in patients]
        rules = store.masks.best(unseen, MaskSet.RULE)
        pixels = store.masks.load_many(rule.id for rule in rules.values())
        for number, image_id in enumerate(unseen):
            rule = rules[image_id]
            mask = new_mask(image_id, decode(pixels[rule.id]), MaskSource.HUMAN, reader_id=ada.id)
            begun = replace(mask, parent_id=rule.id if number else None)
            store.decisions.accept_many([begun], reader_id=ada.id)
    shown = run("evaluate", "segmenter", finished_copy, "--against", "human")
    assert shown.exit_code == 0, shown.stderr
    assert f"bisenet against human masks: {len(unseen)} pictures of " in shown.stdout
    for words in (
        "Beside rules and readers",
        "2 of 3",
        "ink colour",
        "Worst pictures first",
        "falls short of",
    ):
        assert words in shown.stdout
    result = run("evaluate", "segmenter", finished_copy, "--against", "human", "--json")
    by_start = json.loads(result.stdout)["by"]["start"]
    assert {part["group"]: part["n"] for part in by_start} == {"blank": 1, "rule": len(unseen) - 1}
    assert set(by_start[1]) == {"group", "n", "dice", "nsd", "sensitivity", "specificity"}
    refused = run("evaluate", "segmenter", finished_copy, "--judgements", "nothing")
    assert "has no column nothing" in refused.stderr
    assert "not locked" in run("evaluate", "segmenter", finished_copy, "--locked").stderr


def test_jobs_are_listed_and_a_failed_one_is_resumed(tmp_path: Path, pool: Path) -> None:
    folder = tmp_path / "p"
    assert "Made project" in run("new", folder).stdout
    assert run("jobs", "resume", folder).exit_code == 1
    failed = run("train", "classifier", folder, "--cohort", "none")
    assert failed.exit_code == 1
    assert "Error: This project has no cohort named none" in failed.stderr
    jobs = json.loads(run("jobs", "list", folder, "--json").stdout)
    assert [(job["kind"], job["status"]) for job in jobs] == [("train classifier", "failed")]
    again = run("jobs", "resume", folder)
    assert "no cohort named none" in again.stderr
    assert "failed" in run("jobs", "list", folder).stdout


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("audit",), "no trained classifier"),
        (("report",), "no audit to report"),
        (("segment",), "no model named bisenet"),
        (("saliency",), "no trained classifier"),
        (("train", "segmenter"), "0 pictures have a mask"),
        (("cohort", "create", "b"), "No picture has a label"),
    ],
)
def test_a_step_too_early_says_what_comes_first(
    tmp_path: Path, command: tuple[str, ...], sentence: str
) -> None:
    run("new", tmp_path / "p")
    head = 2 if command[0] in {"train", "cohort"} else 1
    result = run(*command[:head], tmp_path / "p", *command[head:])
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_project_that_is_not_there(tmp_path: Path) -> None:
    result = run("propose", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "no project here" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_impossible_rate_is_a_usage_error(tmp_path: Path) -> None:
    result = run("cohort", "create", tmp_path, "b", "--kind", "rates", "--rate", "MEL=much")
    assert result.exit_code == 2
    assert "expected CLASS=P" in result.stderr


def test_an_audit_rests_on_the_masks_saliency_was_computed_over_unless_told(finished_copy: Path) -> None:
    rows = json.loads(run("audit", finished_copy, "--json").stdout)
    assert {row["mask_set"] for row in rows} == {"exact"}
    unknown = run("audit", finished_copy, "--mask-set", "pretty")
    assert unknown.exit_code == 1
    assert "no mask set pretty" in unknown.stderr
    missing = run("audit", finished_copy, "--mask-set", "rule")
    assert "gsal saliency --mask-set rule" in missing.stderr


def test_an_interrupted_job_is_resumed_before_one_that_failed_later(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        interrupted = project.store.jobs.start("propose", to_settings(Propose()))
    assert run("audit", finished_copy, "--mask-set", "rule").exit_code == 1
    result = run("jobs", "resume", finished_copy, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["job"] == interrupted


def test_rules_take_settings_and_a_colour(finished_copy: Path) -> None:
    options = ("--sensitivity", 1.5, "--max-pen-width", 0.2, "--ink-colour", "#5a3f8c", "--json")
    result = run("propose", finished_copy, *options)
    assert result.exit_code == 0, result.stderr
    with Project.open(finished_copy) as project:
        masks = project.store.masks.by_rule()
        expected = {"sensitivity": 1.5, "max_pen_width": 0.2, "ink_colour": [90, 63, 140]}
        assert {m.image_id for of in masks.values() for m in of.values() if m.settings == expected} == {
            image.id for image in project.store.images.all()
        }
    for wrong in (("--ink-colour", "violet"), ("--sensitivity", 0), ("--max-pen-width", 2)):
        refused = run("propose", finished_copy, *wrong)
        assert refused.exit_code != 0
        assert "Traceback" not in refused.output


def test_a_model_is_tried_and_then_brought_in(tmp_path: Path) -> None:
    folder, weights = tmp_path / "study", tmp_path / "lab.pt"
    assert run("new", folder, "--classes", "MEL,NV,BCC").exit_code == 0
    torch.save(build_classifier("densenet-small", 3, seed=0).state_dict(), weights)
    weights.with_suffix(".json").write_text(json.dumps({"architecture": "densenet-small", "size": 64}))
    asked = ("import", "model", folder, weights, "--mean", "0.5,0.5,0.5", "--std", "0.2,0.2,0.2")
    tried = run(*asked, "--dry-run", "--classes", "NV,MEL")
    assert tried.exit_code == 1
    assert "Network                       does not fit" in tried.stdout
    assert tried.stdout.endswith("It cannot be imported like this.\n")
    fits = run(*asked, "--dry-run", "--json")
    assert fits.exit_code == 0
    assert json.loads(fits.stdout)["fits"]
    assert run(*asked).stdout.endswith("Imported as lab.\n")
    with Project.open(folder) as project:
        (model,) = project.store.models.all()
    assert (model.name, model.preprocessing.mean, model.preprocessing.size) == ("lab", (0.5, 0.5, 0.5), 64)
    assert "expected three numbers" in run(*asked, "--std", "a,b").stderr


def test_code_in_a_model_is_run_with_trust_only(tmp_path: Path) -> None:
    folder, program = tmp_path / "study", tmp_path / "lab.pt2"
    run("new", folder, "--classes", "MEL,NV,BCC")
    write_exported(program, Classes(3).eval(), torch.zeros(2, 3, 32, 32))
    refused = run("import", "model", folder, program, "--size", 32)
    assert refused.exit_code == 1
    assert "runs code of whoever made it" in refused.stderr
    assert run("import", "model", folder, program, "--size", 32, "--trust").exit_code == 0


def test_what_ink_does_and_methods_are_tables_for_people_and_json_for_machines(finished_copy: Path) -> None:
    asked = (finished_copy, "--model", "biased", "--mask-set", "exact")
    shown = run("counterfactual", *asked)
    assert shown.exit_code == 0, shown.stderr
    for words in ("by the exact masks", "Ink pasted in", "all classes", "get another answer", "left out"):
        assert words in shown.stdout
    (model,) = json.loads(run("counterfactual", *asked, "--json").stdout)["models"]
    assert [one["figures"]["variant"] for one in model["variants"]] == [
        *("ink-inpainted", "ink-free-crop", "ink-pasted")
    ]
    shown = run("methods", *asked)
    assert shown.exit_code == 0, shown.stderr
    for words in ("Faithful (m)", "not computed", "not checked", "gsal saliency --mask-set exact --method"):
        assert words in " ".join(shown.stdout.split())
    (model,) = json.loads(run("methods", *asked, "--json").stdout)["models"]
    entry = model["entries"][0]
    assert list(entry) == ["method", "explained", "refused", "figures", "sanity", "cost"]
    assert entry["sanity"] is None
    assert {one["scale"] for one in entry["figures"]["faithfulness"]} == {"logit", "probability"}


def test_kept_audits_are_listed_and_any_of_them_is_reported(finished_copy: Path) -> None:
    made = run("audit", finished_copy, "--model", "biased", "--method", "grad-cam", "--mask-set", "exact")
    assert made.exit_code == 0, made.stderr
    listed = json.loads(run("audit", finished_copy, "--list", "--json").stdout)
    assert listed[0]["audited"] == {"biased": ["grad-cam"]}, "the last one first"
    both = ["grad-cam", "competitive-gradient-input"]
    assert listed[-1]["audited"] == {"biased": both, "unbiased": both}
    assert made.stdout.startswith(f"Audit {listed[0]['id']}, over the exact masks")
    lines = run("audit", finished_copy, "--list").stdout.splitlines()
    assert len(lines) == len(listed)
    assert lines[0].split() == [
        *(str(listed[0]["id"]), listed[0]["created"][:10], listed[0]["created"][11:16], "UTC", "exact"),
        *("biased", "by", "Grad-CAM"),
    ]
    assert (
        run("audit", finished_copy, "--list", "--mask-set", "rule").stdout
        == "Nothing has been audited yet.\n"
    )
    first = listed[-1]["id"]
    assert json.loads(run("report", finished_copy, "--audit", first, "--json").stdout)["audit"] == first
    refused = run("report", finished_copy, "--audit", 99)
    assert refused.exit_code == 1
    assert "no audit number 99" in refused.stderr

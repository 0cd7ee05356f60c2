"""The job of sanity checks: what it stores, for whom, and what it says."""

import json
import re
from pathlib import Path

import pytest

from gsal.audit import plain
from gsal.errors import GsalError, NotFoundError
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.checked import sanity_in, strongest_checks
from gsal.jobs.saliency.sanity import DEFAULT_METHODS, CheckSanity
from gsal.jobs.saliency.sanity_words import stage_rows, verdict_words
from gsal.progress import Event, JobCancelled, JobContext, Notice, Progress
from gsal.project import Project
from gsal.records import JobStatus, SaliencyMethod, Side
from gsal.saliency.sanity import AS_TRAINED, Estimate, MethodSanity, Outcome, StageSimilarity
from tests.cli.test_commands import run

_STAGES = [
    AS_TRAINED,
    "classifier",
    *(
        f"features.{name}"
        for name in ("norm5", "denseblock2", "transition1", "denseblock1", "norm0", "conv0")
    ),
]


def test_each_method_is_judged_and_the_networks_stay(finished_copy: Path) -> None:
    events: list[Event] = []
    with Project.open(finished_copy) as project:
        before = {m.name: (finished_copy / m.weights).read_bytes() for m in project.store.models.all()}
        result = run_job(CheckSanity(("biased",), pictures=6, draws=2), project, JobContext(events.append))
        assert {
            m.name: (finished_copy / m.weights).read_bytes() for m in project.store.models.all()
        } == before
        stored = project.store.jobs.all()[-1].result
        again = run_job(CheckSanity(("biased",), pictures=6, draws=2), project, JobContext())
    numbers = [one.pop("job") for one in (result, again)]
    assert numbers[0] != numbers[1], "each is a job of its own, with the same figures"
    assert json.loads(json.dumps(result)) == stored
    assert again == result
    (model,) = result["models"]
    assert (model["name"], model["pictures"], result["strong"]) == ("biased", 6, 0.5)
    checked = sanity_in(result, "biased")
    assert [one.method for one in checked] == list(DEFAULT_METHODS)
    by_method = {one.method: one for one in checked}
    assert by_method[SaliencyMethod.SOBEL].outcome is Outcome.FAILS
    assert by_method[SaliencyMethod.RANDOM].outcome is Outcome.CHANGES_BY_ITSELF
    assert by_method[SaliencyMethod.GRAD_CAM].layer == "norm5"
    for one, shown in zip(checked, model["methods"], strict=True):
        assert [stage.stage for stage in one.stages] == _STAGES
        assert shown["verdict"] == verdict_words(one)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.stage, last.done, last.total) == (
        "Randomising biased",
        32,
        32,
    )  # 2 draws, 8 stages, 2 batches
    assert sanity_in(result, "unbiased") == ()


def test_it_stops_between_batches(finished_copy: Path) -> None:
    ctx = JobContext(
        lambda event: ctx.cancel.set() if isinstance(event, Progress) and event.done == 1 else None
    )
    with Project.open(finished_copy) as project, pytest.raises(JobCancelled):
        run_job(CheckSanity(("biased",), methods=("grad-cam",), pictures=5), project, ctx)


def _stopped_after(parts: int) -> JobContext:
    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.done == parts:
            ctx.cancel.set()

    ctx = JobContext(stop)
    return ctx


@pytest.mark.parametrize("damage", ["", "torn", "changed"])
def test_a_stopped_check_goes_on_and_comes_to_the_same(finished_copy: Path, damage: str) -> None:
    job = CheckSanity(("biased",), methods=("grad-cam", "gradient", "random"), pictures=5, draws=2)
    parts = 2 * 8 * 2  # draws, stages, and pictures, four and one
    kept = finished_copy / "cache" / "sanity"
    with Project.open(finished_copy) as project:
        for stop in (1, 13, 27):  # among maps as trained, in the first draw, and in the second
            with pytest.raises(JobCancelled):
                run_job(job, project, _stopped_after(stop))
            (stored,) = kept.iterdir()
            assert len(stored.read_bytes().splitlines()) == stop
        (file,) = kept.iterdir()
        lines = file.read_bytes().splitlines(keepends=True)
        if damage == "torn":
            file.write_bytes(b"".join(lines)[:-9])
        elif damage == "changed":
            file.write_bytes(b"".join(lines).replace(lines[26], lines[26].replace(b"0", b"1")))
        events: list[Event] = []
        result = run_job(job, project, JobContext(events.append))
        assert not list(kept.iterdir()), "nothing is kept of what is finished"
        whole = run_job(job, project, JobContext())
    first = next(event for event in events if isinstance(event, Progress))
    assert (first.done, first.total) == (26 if damage else 27, parts)
    assert any("% of that is left" in event.text for event in events if isinstance(event, Notice))
    assert result.pop("job") != whole.pop("job")
    assert result == whole


def test_what_it_costs_and_leaves_out_is_told_before_it_starts(finished_copy: Path) -> None:
    events: list[Event] = []
    with Project.open(finished_copy) as project:
        run_job(CheckSanity(("biased",), pictures=1, draws=1), project, JobContext(events.append))
    begun = next(number for number, event in enumerate(events) if isinstance(event, Progress))
    told = " ".join(event.text for event in events[:begun] if isinstance(event, Notice))
    assert "smoothgrad, integrated-gradients, occlusion take hundreds of passes" in told
    assert re.search(r"together .* passes a picture: about .* for 1 picture, each explained 8 times", told)


def test_a_weaker_check_does_not_replace_a_stronger_one(finished_copy: Path) -> None:
    def check(project: Project, pictures: int, draws: int, **model: str) -> None:
        one = _checked(SaliencyMethod.GRADIENT, Outcome.PASSES, pictures / 100 + draws / 1000)
        found = plain.encode(one) | {"pictures": pictures, "draws": draws}
        number = project.store.jobs.start("sanity", {})
        result = {"models": [{"name": "biased", "methods": [found], **model}]}
        project.store.jobs.finish(number, JobStatus.DONE, result=result)

    with Project.open(finished_copy) as project:
        model = project.store.models.get("biased")
        for pictures, draws, standing in (
            (16, 3, (16, 3)),
            (4, 3, (16, 3)),
            (32, 1, (16, 3)),
            (16, 5, (16, 5)),
        ):
            check(project, pictures, draws, weights_sha256=model.weights_sha256)
            found = strongest_checks(project, model)[SaliencyMethod.GRADIENT]
            assert (found.pictures, found.draws) == standing
        check(project, 99, 9, weights_sha256="of another network")
        found = strongest_checks(project, model)[SaliencyMethod.GRADIENT]
        assert (found.pictures, found.draws) == (16, 5)
        asked = CheckSanity(("biased",), methods=("gradient",), pictures=2, draws=1)
        (shown,) = run_job(asked, project, JobContext())["models"][0]["methods"]
        assert (shown["pictures"], shown["draws"]) == (2, 1)
        assert shown["stands"] == "An earlier check on 16 pictures and 5 draws stands: passes."


def test_checks_of_before_tell_what_they_rest_on() -> None:
    one = plain.encode(_checked(SaliencyMethod.GRADIENT, Outcome.PASSES, 0.1))
    del one["pictures"], one["draws"]
    (found,) = sanity_in({"draws": 3, "models": [{"name": "a", "pictures": 16, "methods": [one]}]}, "a")
    assert (found.pictures, found.draws) == (16, 3)


def test_what_cannot_be_checked_is_refused(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        for job, error, words in (
            (CheckSanity(methods=("cam",)), GsalError, "the methods are grad-cam"),
            (CheckSanity(pictures=0), GsalError, "at least one picture"),
            (CheckSanity(draws=0), GsalError, "one draw"),
            (CheckSanity(("nobody",)), NotFoundError, "nobody"),
        ):
            with pytest.raises(error, match=words):
                run_job(job, project, JobContext())


def test_pictures_are_of_as_many_patients_as_there_are(finished_copy: Path) -> None:
    from gsal.jobs.saliency.sanity import _choose

    with Project.open(finished_copy, read_only=True) as project:
        model = project.store.models.get("biased")
        validation = project.store.images.all(side=Side.VALIDATION)
        patients = {image.known_patient for image in validation}
        chosen = _choose(project, model, len(patients), 0)
        assert {image.known_patient for image in chosen} == patients
        assert _choose(project, model, 5, 0) == chosen[:5]
        assert _choose(project, model, 5, 1) != chosen[:5]
        assert len(_choose(project, model, 10_000, 0)) == len(validation)


def test_the_terminal_shows_verdicts_and_stages(finished_copy: Path) -> None:
    asked = (
        "sanity",
        finished_copy,
        "--model",
        "biased",
        "--method",
        "sobel",
        "--pictures",
        "4",
        "--draws",
        "1",
    )
    shown = run(*asked)
    assert shown.exit_code == 0, shown.stderr
    assert "Sobel edges (control): fails, as it has to." in shown.stdout
    assert "It rests on 4 pictures and 1 draw of new parameters." in shown.stdout
    assert "features.denseblock2" in shown.stdout
    assert json.loads(run(*asked, "--json").stdout)["models"][0]["pictures"] == 4


def _checked(method: SaliencyMethod, outcome: Outcome, mean: float, n: int = 9) -> MethodSanity:
    one = Estimate(mean, mean - 0.1, mean + 0.1, n)
    return MethodSanity(method, "", "", (StageSimilarity("conv", one, one, one),), outcome, 9, 3)


@pytest.mark.parametrize(
    ("method", "outcome", "mean", "words"),
    [
        (
            SaliencyMethod.GRADIENT,
            Outcome.PASSES,
            0.2,
            "Gradient: passes. .* correlate 0.20 \\(0.10 to 0.30\\)",
        ),
        (SaliencyMethod.GRADIENT, Outcome.FAILS, 0.9, "Gradient: fails. .* still correlate 0.90"),
        (SaliencyMethod.OCCLUSION, Outcome.UNDECIDED, 0.5, "Occlusion: undecided. .* 0.5 is the limit"),
        (SaliencyMethod.RANDOM, Outcome.CHANGES_BY_ITSELF, 0.0, "random map .* no saliency method"),
        (SaliencyMethod.SOBEL, Outcome.FAILS, 1.0, "Sobel edges \\(control\\): fails, as it has to"),
    ],
)
def test_verdicts_in_words(method: SaliencyMethod, outcome: Outcome, mean: float, words: str) -> None:
    assert re.search(words, verdict_words(_checked(method, outcome, mean)))


def test_what_is_undefined_is_said_to_be() -> None:
    nothing = _checked(SaliencyMethod.GRADIENT, Outcome.UNDECIDED, float("nan"), n=0)
    assert "are constant" in verdict_words(nothing)
    assert stage_rows(nothing)[1] == [("conv", "undefined", "undefined", "undefined")]

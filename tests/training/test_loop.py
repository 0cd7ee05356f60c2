import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from typing_extensions import override

from gsal.arrays import IntArray
from gsal.errors import ModelError
from gsal.models.checkpoints import load_state
from gsal.progress import Event, JobCancelled, JobContext, MetricPoint, Notice, Progress
from gsal.training.feeding import Batch, Sample
from gsal.training.loop import StepLoss, fit
from gsal.training.recipe import Augment, Loss, Optimiser, Precision, Recipe, Schedule
from gsal.training.result import TrainingResult

RECIPE = Recipe(
    loss=Loss.CROSS_ENTROPY,
    size=6,
    epochs=4,
    batch_size=4,
    learning_rate=0.1,
    schedule=Schedule.ONE_CYCLE,
    augment=Augment.NONE,
)


def network() -> nn.Module:
    """Convolution, batch norm and dropout: momentum, running statistics and random draws all matter."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(64, 2)
        )


def ignore(step: int) -> None:
    del step


@dataclass
class Toy:
    """Noise pictures of two classes; can poison a step, and cancel at a step or in validation."""

    pictures: int = 13
    fingerprint: str = "toy"
    poisoned_step: int = -1
    steps: int = 0
    at_step: Callable[[int], None] = ignore
    validation_loss: Callable[[int], float] | None = None
    validations: int = 0

    def __post_init__(self) -> None:
        rng = np.random.default_rng(0)
        self.x = torch.from_numpy(rng.normal(size=(self.pictures, 3, 6, 6)).astype(np.float32))
        self.y = torch.from_numpy(rng.integers(0, 2, self.pictures))

    def order(self, rng: np.random.Generator) -> IntArray:
        return rng.permutation(self.pictures)

    @property
    def source(self) -> "Toy":
        return self

    def sample(self, index: int, *, epoch: int) -> Sample:
        return self.x[index], self.y[index]

    def loss(self, model: nn.Module, batch: Batch) -> StepLoss:
        pictures, labels = batch
        loss = F.cross_entropy(model(pictures), labels)
        self.steps += 1
        self.at_step(self.steps)
        if self.steps == self.poisoned_step:
            loss = loss * float("nan")
        return StepLoss(loss * 2, loss.detach())

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        self.validations += 1
        check()
        if self.validation_loss is not None:
            return {"loss/validation": self.validation_loss(self.validations)}
        model.eval()
        with torch.inference_mode():
            return {"loss/validation": F.cross_entropy(model(self.x), self.y).item()}


def train(
    checkpoint: Path,
    *,
    toy: Toy | None = None,
    recipe: Recipe = RECIPE,
    ctx: JobContext | None = None,
    seed: int = 3,
) -> tuple[nn.Module, TrainingResult]:
    model = network()
    result = fit(model, toy or Toy(), recipe, seed=seed, checkpoint=checkpoint, ctx=ctx or JobContext())
    return model, result


def assert_same_weights(first: nn.Module, second: nn.Module) -> None:
    for key, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[key]), key


def cancelled_at(last_step: int, checkpoint: Path, *, recipe: Recipe) -> None:
    cancel = threading.Event()
    toy = Toy(at_step=lambda step: cancel.set() if step == last_step else None)
    with pytest.raises(JobCancelled):
        train(checkpoint, toy=toy, recipe=recipe, ctx=JobContext(cancel=cancel))


@pytest.mark.parametrize("schedule", list(Schedule))
@pytest.mark.parametrize("last_step", [1, 4, 6, 15])
def test_a_resumed_run_equals_an_uninterrupted_one_to_the_bit(
    tmp_path: Path, schedule: Schedule, last_step: int
) -> None:
    recipe = replace(RECIPE, schedule=schedule)
    whole, expected = train(tmp_path / "whole.pt", recipe=recipe)
    cancelled_at(last_step, tmp_path / "parts.pt", recipe=recipe)
    rest = Toy()
    resumed, result = train(tmp_path / "parts.pt", toy=rest, recipe=recipe)
    assert result.history == expected.history
    assert rest.steps == 16 - last_step
    assert_same_weights(resumed, whole)


def test_a_run_cancelled_in_validation_validates_again(tmp_path: Path) -> None:
    whole, expected = train(tmp_path / "whole.pt")
    cancel = threading.Event()

    class CancelledInValidation(Toy):
        @override
        def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
            if self.validations == 1:
                cancel.set()
            return super().validate(model, check=check)

    with pytest.raises(JobCancelled):
        train(tmp_path / "parts.pt", toy=CancelledInValidation(), ctx=JobContext(cancel=cancel))
    rest = Toy()
    resumed, result = train(tmp_path / "parts.pt", toy=rest)
    assert (rest.steps, rest.validations) == (8, 3)
    assert result.history == expected.history
    assert_same_weights(resumed, whole)


def test_the_seed_decides_and_no_global_state_is_touched(tmp_path: Path) -> None:
    before = torch.random.get_rng_state()
    (_, first), (_, again), (_, other) = (
        train(tmp_path / f"{n}.pt", seed=seed) for n, seed in enumerate((1, 1, 2))
    )
    assert torch.equal(before, torch.random.get_rng_state())
    assert first.history == again.history != other.history


def test_a_finished_training_is_not_trained_further(tmp_path: Path) -> None:
    whole, result = train(tmp_path / "c.pt")
    toy = Toy()
    again, same = train(tmp_path / "c.pt", toy=toy)
    assert (toy.steps, same.history) == (0, result.history)
    assert_same_weights(again, whole)


def test_progress_is_one_count_over_all_epochs_and_metrics_come_each_epoch(tmp_path: Path) -> None:
    events: list[Event] = []
    _, result = train(tmp_path / "c.pt", ctx=JobContext(events.append))
    progress = [event for event in events if isinstance(event, Progress)]
    assert {event.total for event in progress} == {16}
    assert [event.done for event in progress] == sorted(event.done for event in progress)
    assert progress[-1].done == 16
    assert progress[0].stage == "Training, epoch 1 of 4"
    points = [event for event in events if isinstance(event, MetricPoint)]
    assert [(point.series, point.step) for point in points] == [
        (series, epoch) for epoch in range(1, 5) for series in ("loss/training", "loss/validation")
    ]
    assert points[-1].value == result.final["loss/validation"]


def test_the_shown_training_loss_is_the_mean_over_pictures(tmp_path: Path) -> None:
    recipe = replace(RECIPE, epochs=1, learning_rate=1e-12, batch_size=13)
    _, result = train(tmp_path / "c.pt", recipe=recipe)
    assert result.final["loss/training"] == pytest.approx(0.7, abs=0.4)
    assert result.epochs == 1
    assert result.threads == torch.get_num_threads()
    assert result.precision is Precision.FLOAT32


def test_a_loss_that_is_not_finite_stops_and_the_last_epoch_stays(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"epoch 3, step 2: the loss is not a finite number.*it was 0\.1"):
        train(tmp_path / "c.pt", toy=Toy(poisoned_step=10))
    state = load_state(tmp_path / "c.pt")
    assert state["at"]["epoch"] == 2
    assert all(torch.isfinite(value).all() for value in state["model"].values())


def test_the_plateau_rule_lowers_the_rate_after_twelve_epochs_without_improvement(tmp_path: Path) -> None:
    recipe = replace(RECIPE, schedule=Schedule.PLATEAU, patience=11, epochs=13, batch_size=13, decay=0.2)
    flat = Toy(validation_loss=lambda _: 1.0)
    rates = {}
    for epochs in (12, 13):
        path = tmp_path / f"{epochs}.pt"
        train(path, toy=flat, recipe=replace(recipe, epochs=epochs))
        rates[epochs] = load_state(path)["optimiser"]["param_groups"][0]["lr"]
    # The first epoch is the best; the twelfth after it is the thirteenth.
    assert rates == {12: pytest.approx(0.1), 13: pytest.approx(0.02)}


def test_one_cycle_ends_with_a_vanishing_rate(tmp_path: Path) -> None:
    cancelled_at(15, tmp_path / "c.pt", recipe=RECIPE)  # before the last of 16 steps
    assert load_state(tmp_path / "c.pt")["optimiser"]["param_groups"][0]["lr"] < 1e-6


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    train(tmp_path / "c.pt")
    for other in (
        {"seed": 4},
        {"toy": Toy(fingerprint="other")},
        {"recipe": replace(RECIPE, learning_rate=0.2)},
    ):
        with pytest.raises(ModelError, match=r"c\.pt: the checkpoint is of another training"):
            train(tmp_path / "c.pt", **other)


def test_another_number_of_threads_is_told(tmp_path: Path) -> None:
    events: list[Event] = []
    train(tmp_path / "c.pt")
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(threads + 1)
        train(tmp_path / "c.pt", ctx=JobContext(events.append))
    finally:
        torch.set_num_threads(threads)
    assert [event.text for event in events if isinstance(event, Notice)] == [
        f"Resumed with {threads + 1} threads after {threads}: the last bits may differ."
    ]


def test_bfloat16_trains_where_the_processor_has_it(tmp_path: Path) -> None:
    _, result = train(tmp_path / "c.pt", recipe=replace(RECIPE, precision=Precision.BFLOAT16))
    in_hardware = bool(torch.cpu.get_capabilities().get("amx_bf16", False))
    assert result.precision is (Precision.BFLOAT16 if in_hardware else Precision.FLOAT32)
    assert np.isfinite(result.final["loss/validation"])


def test_a_training_that_gets_no_better_stops_and_keeps_its_best_epoch(tmp_path: Path) -> None:
    losses = [3.0, 1.0, 2.0, 2.0, 0.5]
    recipe = replace(RECIPE, schedule=Schedule.PLATEAU, epochs=5, stop_after=2)
    toy = Toy(validation_loss=lambda n: losses[n - 1])
    stopped, result = train(tmp_path / "a.pt", toy=toy, recipe=recipe)
    assert (result.epochs, result.kept_epoch, result.stopped_early) == (4, 2, True)
    assert result.final["loss/validation"] == 1.0
    two = replace(recipe, epochs=2, stop_after=0)
    expected, _ = train(tmp_path / "b.pt", toy=Toy(validation_loss=lambda n: losses[n - 1]), recipe=two)
    assert_same_weights(stopped, expected)


def test_the_best_weights_outlive_an_interruption(tmp_path: Path) -> None:
    losses = [1.0, 2.0, 3.0, 4.0]
    recipe = replace(RECIPE, schedule=Schedule.PLATEAU, stop_after=3)
    cancel = threading.Event()
    toy = Toy(
        validation_loss=lambda n: losses[n - 1], at_step=lambda step: cancel.set() if step == 10 else None
    )
    with pytest.raises(JobCancelled):
        train(tmp_path / "parts.pt", toy=toy, recipe=recipe, ctx=JobContext(cancel=cancel))
    rest = Toy(validation_loss=lambda n: losses[n + 1])
    resumed, result = train(tmp_path / "parts.pt", toy=rest, recipe=recipe)
    whole, expected = train(
        tmp_path / "whole.pt", toy=Toy(validation_loss=lambda n: losses[n - 1]), recipe=recipe
    )
    assert (
        (result.kept_epoch, result.stopped_early)
        == (expected.kept_epoch, expected.stopped_early)
        == (1, False)
    )
    assert_same_weights(resumed, whole)


def test_adamw_spares_norms_and_biases_from_decay(tmp_path: Path) -> None:
    recipe = replace(RECIPE, optimiser=Optimiser.ADAMW, learning_rate=0.01, clip_norm=1.0)
    whole, expected = train(tmp_path / "whole.pt", recipe=recipe)
    cancelled_at(6, tmp_path / "parts.pt", recipe=recipe)
    resumed, result = train(tmp_path / "parts.pt", recipe=recipe)
    assert result.history == expected.history
    assert_same_weights(resumed, whole)
    groups = load_state(tmp_path / "whole.pt")["optimiser"]["param_groups"]
    assert [(len(group["params"]), group["weight_decay"]) for group in groups] == [(2, 1e-4), (4, 0.0)]

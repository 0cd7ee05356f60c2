"""The one training loop: epochs of gradient steps, validated, saved, resumable to the bit."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

from gsal.arrays import IntArray
from gsal.distributed import on_first, ranks, total
from gsal.errors import ModelError
from gsal.models.checkpoints import load_state, save_state
from gsal.progress import JobCancelled, JobContext
from gsal.training.feeding import Batch, Feeder, Place, Source, drawn_from, workers_for
from gsal.training.optimisation import build_learning_rate, build_optimiser
from gsal.training.precision import available
from gsal.training.recipe import Precision, Recipe
from gsal.training.result import TrainingResult
from gsal.training.sampling import split_batches

__all__ = ["TRAINING_LOSS", "VALIDATION_LOSS", "StepLoss", "Task", "fit"]

TRAINING_LOSS, VALIDATION_LOSS = "loss/training", "loss/validation"


class StepLoss(NamedTuple):
    """Of one batch: what is minimised, and what is shown beside the validation loss."""

    total: Tensor
    shown: Tensor


class Task(Protocol):
    """What is trained for."""

    @property
    def pictures(self) -> int:
        """Pictures seen in an epoch."""

    @property
    def fingerprint(self) -> str:
        """What tells these data from others."""

    @property
    def source(self) -> Source:
        """Where the samples of pictures come from."""

    def order(self, rng: np.random.Generator) -> IntArray:
        """Draw the order of an epoch's pictures."""

    def loss(self, model: nn.Module, batch: Batch) -> StepLoss:
        """Compute the mean loss of a batch, drawing from torch's current random state."""

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        """Judge the network: VALIDATION_LOSS and others by series; `check`, called often, may raise."""


def fit(
    model: nn.Module, task: Task, recipe: Recipe, *, seed: int, checkpoint: Path, ctx: JobContext
) -> TrainingResult:
    """Train a model in place; go on where the checkpoint of an interrupted run stands.

    The checkpoint is written after every epoch and, at the very step, before JobCancelled leaves. All random
    draws depend on seed, epoch and place: a resumed run equals an uninterrupted one to the bit (same machine,
    same number of threads). Started by torchrun, each process takes its part of every batch, gradients are
    averaged, and the first process judges and saves: the weights are those of one process up to rounding,
    but for batch normalisation, whose statistics are of each process's own part. The weights kept are those
    after the last epoch, since picking an epoch by validation loss would flatter a classifier on the pictures
    it is audited on; only a recipe that stops early keeps those of its best epoch.

    Raises:
        JobCancelled: The user asked to stop.
        ModelError: The loss is not finite, or the checkpoint is damaged or of another training.
    """
    training = _Training(model, task, recipe, seed=seed)
    if on_first(checkpoint.exists):
        training.restore(checkpoint, ctx)
    try:
        while not training.is_over:
            training.run_epoch(ctx)
            training.finish_epoch(ctx)
            training.save(checkpoint)
    except JobCancelled:
        training.save(checkpoint)
        raise
    return training.result()


@dataclass
class _Position:
    """Where a training stands between two steps.

    `shown` sums the loss over the epoch's pictures so far; of the seconds of all steps, `stepping`, the
    network `waited` some for its batches.
    """

    epoch: int = 0
    batch: int = 0
    shown: float = 0.0
    best_epoch: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    stepping: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class _Training:
    """A training under way: what its checkpoint holds, and its steps."""

    def __init__(self, model: nn.Module, task: Task, recipe: Recipe, *, seed: int) -> None:
        # Convolutions on a CPU are faster with the channels last.
        self.model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.task, self.recipe, self.seed = task, recipe, seed
        self.ranks = ranks()
        self.network = self.model if self.ranks.size == 1 else DistributedDataParallel(self.model)
        self.steps = [-(-task.pictures // recipe.batch_size_in(epoch)) for epoch in range(recipe.epochs)]
        self.optimiser = build_optimiser(model, recipe)
        self.learning_rate = build_learning_rate(self.optimiser, recipe, steps=sum(self.steps))
        self.device = next(model.parameters()).device
        self.feeder = Feeder(task.source, seed=seed, workers=workers_for(self.device))
        self.precision = available(recipe.precision, self.device)
        self.identity = {"recipe": recipe.to_json(), "seed": seed, "data": task.fingerprint}
        self.at = _Position()
        self.best: dict[str, Tensor] | None = None
        self._since = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether all epochs are done, or no better one is to be expected."""
        return self.at.epoch >= self.recipe.epochs or self._is_stuck

    @property
    def _is_stuck(self) -> bool:
        patience = self.recipe.stop_after
        return bool(patience) and self.at.epoch - self.at.best_epoch >= patience

    def run_epoch(self, ctx: JobContext) -> None:
        """Take the epoch's steps that are left."""
        epoch, stage = self.at.epoch, f"Training, epoch {self.at.epoch + 1} of {self.recipe.epochs}"
        batches = self._batches()[self.at.batch :]
        done = sum(self.steps[:epoch]) + self.at.batch
        self.model.train()
        fed = zip(batches, self._fed(batches), strict=True)
        for places, batch in ctx.track(fed, stage, total=sum(self.steps), done=done):
            self._step(batch, n_mine=len(batch[0]), n=len(places))
            self.at.batch += 1

    def _batches(self) -> list[list[Place]]:
        """Return the places of the epoch's batches, of all processes together."""
        order = self.task.order(np.random.default_rng([self.seed, self.at.epoch]))
        parts = split_batches(np.arange(len(order)), self.recipe.batch_size_in(self.at.epoch))
        if min(map(len, parts)) < self.ranks.size:
            raise ModelError(
                f"{self.ranks.size} processes cannot share batches of {min(map(len, parts))} pictures. Start "
                "fewer, or use larger batches."
            )
        return [[(int(at), int(order[at])) for at in part] for part in parts]

    def _fed(self, batches: list[list[Place]]) -> Iterator[Batch]:
        """Yield this process's part of each batch, and count how long it was waited for."""
        mine = [places[self.ranks.rank :: self.ranks.size] for places in batches]
        since = time.perf_counter()
        for batch in self.feeder.epoch(self.at.epoch, mine):
            self.at.waited += time.perf_counter() - since
            yield batch
            self.at.stepping += time.perf_counter() - since
            since = time.perf_counter()

    def _step(self, batch: Batch, *, n_mine: int, n: int) -> None:
        """Go down the gradient of a batch of n pictures, of which this process has some."""
        autocast = torch.autocast(
            self.device.type, torch.bfloat16, enabled=self.precision is Precision.BFLOAT16, cache_enabled=True
        )
        with drawn_from(self.seed, self.at.epoch, self.at.batch, self.ranks.rank), autocast:
            loss = self.task.loss(self.network, batch)
        shown = total(loss.shown.item() * n_mine)
        if not math.isfinite(total(loss.total.item())):
            raise ModelError(
                f"Training stopped in epoch {self.at.epoch + 1}, step {self.at.batch + 1}: the loss is not a "
                f"finite number. Use a lower learning rate (it was {self.recipe.learning_rate:g}). The state "
                f"after epoch {self.at.epoch} is kept."
            )
        self.optimiser.zero_grad()
        # Processes average their gradients, whatever the size of their parts.
        (loss.total * (n_mine * self.ranks.size / n)).backward()  # type: ignore[no-untyped-call]
        if self.recipe.clip_norm:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip_norm)
        self.optimiser.step()
        if isinstance(self.learning_rate, OneCycleLR):
            self.learning_rate.step()
        self.at.shown += shown

    def finish_epoch(self, ctx: JobContext) -> None:
        """Judge the network, report, and move to the next epoch."""
        metrics = {TRAINING_LOSS: self.at.shown / self.task.pictures}
        metrics |= on_first(lambda: self.task.validate(self.model, check=ctx.check))
        if isinstance(self.learning_rate, ReduceLROnPlateau):
            self.learning_rate.step(metrics[VALIDATION_LOSS])
        self.at.epoch, self.at.batch, self.at.shown = self.at.epoch + 1, 0, 0.0
        self.at.history.append(metrics)
        if self.recipe.stop_after:
            self._remember_best()
        self.report(ctx, self.at.epoch)

    def _remember_best(self) -> None:
        losses = [metrics[VALIDATION_LOSS] for metrics in self.at.history]
        if losses[-1] == min(losses):
            self.at.best_epoch = self.at.epoch
            self.best = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def report(self, ctx: JobContext, epoch: int) -> None:
        """Send the metrics of a finished epoch to the live curves."""
        for series, value in self.at.history[epoch - 1].items():
            ctx.metric(series, epoch, value)

    def save(self, path: Path) -> None:
        """Write the checkpoint; the first process does."""
        now = time.monotonic()
        self.at.seconds, self._since = self.at.seconds + now - self._since, now
        if not self.ranks.is_first:
            return
        state = {
            "identity": self.identity,
            "at": asdict(self.at),
            "threads": torch.get_num_threads(),
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.learning_rate.state_dict(),
            "best": self.best,
        }
        save_state(path, state)

    def restore(self, path: Path, ctx: JobContext) -> None:
        """Take up the checkpoint."""
        state = load_state(path)
        if state.get("identity") != self.identity:
            raise ModelError(
                f"{path}: the checkpoint is of another training (pictures, labels, masks, recipe or seed). "
                "Delete it to train from the start."
            )
        if state["threads"] != (threads := torch.get_num_threads()):
            ctx.notice(f"Resumed with {threads} threads after {state['threads']}: the last bits may differ.")
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.learning_rate.load_state_dict(state["schedule"])
        self.at, self.best = _Position(**state["at"]), state["best"]
        for epoch in range(1, self.at.epoch + 1):
            self.report(ctx, epoch)

    def result(self) -> TrainingResult:
        """Leave the model with the weights that are kept, and sum up."""
        if self.best is not None:
            self.model.load_state_dict(self.best)
        kept = self.at.best_epoch or self.at.epoch
        return TrainingResult(
            epochs=self.at.epoch,
            history=tuple(self.at.history),
            final=self.at.history[kept - 1],
            kept_epoch=kept,
            stopped_early=self.at.epoch < self.recipe.epochs,
            seconds=self.at.seconds,
            waiting_share=self.at.waited / self.at.stepping if self.at.stepping else 0.0,
            processes=self.ranks.size,
            threads=torch.get_num_threads(),
            precision=self.precision,
            device=str(self.device),
            data_sha256=self.task.fingerprint,
        )

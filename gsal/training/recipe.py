"""How a network is trained: settings as data, and the presets of the program."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from typing_extensions import override

__all__ = [
    "CLASSIFIER_RECIPES",
    "LEAST_INK_FREE",
    "SEGMENTER_RECIPES",
    "Augment",
    "Loss",
    "Optimiser",
    "Precision",
    "Recipe",
    "Sampler",
    "Schedule",
    "SegmenterRecipe",
]


LEAST_INK_FREE = 0.25
"""Least share of windows without ink that a segmenter learns from; with fewer it finds ink everywhere."""


class Schedule(StrEnum):
    """How the learning rate moves."""

    ONE_CYCLE = "one-cycle"
    """Up to `learning_rate` in the steps of `warm_up`, then down to nothing (Smith & Topin 2018)."""
    PLATEAU = "plateau"
    """Times `decay` after `patience` epochs without a better validation loss (and one: torch counts so)."""


class Augment(StrEnum):
    """What is done to a picture, and its mask, before each step."""

    NONE = "none"
    FLIPS = "flips"
    FULL = "full"
    """Flips, rotation, affine transformation and colour jitter (paper A.2, A.3)."""


class Loss(StrEnum):
    """What is minimised."""

    CROSS_ENTROPY = "cross-entropy"
    BCE = "bce"
    """The paper's reading for the segmenter."""
    BCE_DICE = "bce+dice"


class Sampler(StrEnum):
    """How often the pictures of a class come in an epoch."""

    NATURAL = "natural"
    """Each once."""
    BALANCED = "balanced"
    """Low-prevalence classes are up-sampled until all have the same expected count (paper A.2)."""
    INK_INDEPENDENT = "ink-independent"
    """Classes as often as they are, with the same expected share of inked pictures in each, so that
    P(c | ink) = P(c | no ink): a class cannot be learned from ink (SPEC 5)."""
    INK_INDEPENDENT_BALANCED = "ink-independent-balanced"
    """Both."""


class Optimiser(StrEnum):
    """How the gradient moves the weights."""

    SGD = "sgd"
    """With momentum; weight decay is L2 on all parameters."""
    ADAMW = "adamw"
    """Loshchilov & Hutter 2019; weight decay on matrices and kernels only, not on norms and biases."""


class Precision(StrEnum):
    """Arithmetic of the forward and backward pass; weights and losses are float32 in both."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    """Autocast, where the processor multiplies bfloat16 matrices in hardware; float32 elsewhere."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of a training by gradient descent.

    Attributes:
        loss: What is minimised.
        size: Side of the network's input in pixels.
        epochs: Times as many pictures are seen as there are for training.
        batch_size: Most pictures per step; an epoch's batches differ by one picture at most.
        learning_rate: The first of a plateau schedule, the highest of a one-cycle schedule.
        schedule: How the learning rate moves.
        augment: What is done to the pictures.
        sampler: How often the pictures of a class come in an epoch.
        momentum: Of SGD.
        weight_decay: As the optimiser means it.
        warm_up: Share of the steps of a one-cycle schedule in which the learning rate rises.
        decay: Of a plateau schedule.
        patience: Of a plateau schedule, in epochs as torch counts them.
        precision: Arithmetic.
        optimiser: How the gradient moves the weights.
        clip_norm: Largest norm of the gradient; 0 for no bound.
        stop_after: Epochs without a better validation loss after which training stops, and the weights of the
            best epoch are kept; 0 to go on to the last epoch and keep its weights.
    """

    loss: Loss
    size: int
    epochs: int
    batch_size: int
    learning_rate: float
    schedule: Schedule
    augment: Augment
    sampler: Sampler = Sampler.NATURAL
    momentum: float = 0.9
    weight_decay: float = 1e-4
    warm_up: float = 0.3
    decay: float = 0.2
    patience: int = 0
    precision: Precision = Precision.FLOAT32
    optimiser: Optimiser = Optimiser.SGD
    clip_norm: float = 0.0
    stop_after: int = 0

    def batch_size_in(self, epoch: int) -> int:
        """Return the most pictures per step of an epoch, counted from 0."""
        del epoch
        return self.batch_size

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain numbers and texts."""
        return {
            key: str(value) if isinstance(value, StrEnum) else value for key, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class SegmenterRecipe(Recipe):
    """Settings of a segmenter's training: `size` is the long side in pixels at which pictures are seen.

    A step sees square windows of the pictures. A quarter of an epoch's windows at least is free of ink, where
    there are ink-free pictures.

    Attributes:
        window: Side of the windows in pixels; as large as `size`, a window holds the whole picture.
        early_epochs: Epochs that begin the training with windows of `early_window` and more of them per step:
            small windows teach what ink looks like at a third of the cost, large ones where it lies.
        early_window: Side of their windows in pixels.
        early_batch_size: Most of them per step.
        windows: Of an epoch; 0 for as many as there are pictures, each once.
        ink_share: Of an epoch's windows, those of inked pictures, where `windows` is given.
        zoom_out, zoom_in: Least and largest random scale of a picture.
        synthetic_ink: Whether windows of ink-free pictures, beyond that quarter, get ink with its exact mask.
    """

    window: int = 0
    early_epochs: int = 0
    early_window: int = 0
    early_batch_size: int = 0
    windows: int = 0
    ink_share: float = 0.4
    zoom_out: float = 1.0
    zoom_in: float = 1.0
    synthetic_ink: bool = False

    @override
    def batch_size_in(self, epoch: int) -> int:
        return self.early_batch_size if epoch < self.early_epochs else self.batch_size

    def window_in(self, epoch: int) -> int:
        """Return the side of an epoch's windows; epochs are counted from 0."""
        return self.early_window if epoch < self.early_epochs else self.window


CLASSIFIER_RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        # Paper A.2; momentum, weight decay and batch size are ours (SPEC 6).
        "paper": Recipe(
            loss=Loss.CROSS_ENTROPY,
            size=224,
            epochs=50,
            batch_size=32,
            learning_rate=0.02,
            schedule=Schedule.PLATEAU,
            patience=14,
            augment=Augment.FULL,
            sampler=Sampler.BALANCED,
        ),
        # A CPU and some hundred photographs.
        "short": Recipe(
            loss=Loss.CROSS_ENTROPY,
            size=128,
            epochs=12,
            batch_size=16,
            learning_rate=0.03,
            schedule=Schedule.ONE_CYCLE,
            augment=Augment.FULL,
            sampler=Sampler.BALANCED,
        ),
        # For densenet-small on synthetic pictures: seconds, and shows a planted ink bias.
        "demo": Recipe(
            loss=Loss.CROSS_ENTROPY,
            size=64,
            epochs=8,
            batch_size=32,
            learning_rate=0.1,
            schedule=Schedule.ONE_CYCLE,
            augment=Augment.FLIPS,
            sampler=Sampler.BALANCED,
        ),
    }
)
"""Presets by name."""

SEGMENTER_RECIPES: Mapping[str, SegmenterRecipe] = MappingProxyType(
    {
        # Paper A.3; the rest is ours (SPEC 3).
        "paper": SegmenterRecipe(
            loss=Loss.BCE_DICE,
            size=224,
            window=224,
            epochs=100,
            batch_size=16,
            learning_rate=0.1,
            schedule=Schedule.PLATEAU,
            patience=11,
            stop_after=36,
            augment=Augment.FULL,
            zoom_out=0.85,
            zoom_in=1.2,
            precision=Precision.BFLOAT16,
        ),
        # Half an hour of one CPU core; the plateau rule cannot act within so few epochs.
        "short": SegmenterRecipe(
            loss=Loss.BCE_DICE,
            size=384,
            window=224,
            # Early epochs have a third of the steps of late ones: the learning rate peaks in the third epoch.
            warm_up=0.1,
            early_epochs=9,
            early_window=128,
            early_batch_size=24,
            windows=480,
            epochs=14,
            batch_size=8,
            learning_rate=1e-3,
            schedule=Schedule.ONE_CYCLE,
            optimiser=Optimiser.ADAMW,
            weight_decay=0.02,
            clip_norm=5.0,
            augment=Augment.FULL,
            zoom_out=0.6,
            zoom_in=1.4,
            synthetic_ink=True,
            precision=Precision.BFLOAT16,
        ),
        # The head works at 1/8 of the input: at 128 px a pen stroke is lost there.
        "demo": SegmenterRecipe(
            loss=Loss.BCE_DICE,
            size=192,
            window=192,
            epochs=2,
            batch_size=8,
            learning_rate=0.1,
            schedule=Schedule.ONE_CYCLE,
            augment=Augment.FLIPS,
            precision=Precision.BFLOAT16,
        ),
    }
)
"""Presets by name."""

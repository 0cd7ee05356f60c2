"""Networks: trained here or brought along."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["IMAGENET_MEAN", "IMAGENET_STD", "ModelKind", "ModelRecord", "ModelStatus", "Preprocessing"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class ModelKind(StrEnum):
    """What a network answers."""

    SEGMENTER = "segmenter"
    CLASSIFIER = "classifier"


class ModelStatus(StrEnum):
    """Whether a network can be used."""

    TRAINING = "training"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """From an RGB uint8 picture to the network's input.

    The whole picture is resized to size x size, then (x/255 - mean)/std.
    """

    size: int = 224
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A network of the project.

    Attributes:
        architecture: A name `gsal.models` knows, e.g. "densenet121", "densenet-small", "bisenet".
        classes: In the order of its logits; empty for a segmenter.
        cohort: Name of the cohort it was trained on; "" for none.
        seed: Of its training; None for a model brought along.
        fold: Of a cross-validation; None for the one split.
        replicate_group: What networks have in common that differ in seed or fold alone; "" for none.
        weights: Path of the safetensors file relative to the project's folder; "" while training.
        weights_sha256: Of that file.
        run_card: Data, recipe, versions, hashes, JSON-ready.
    """

    id: int
    name: str
    kind: ModelKind
    status: ModelStatus
    architecture: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    cohort: str
    seed: int | None
    fold: int | None
    replicate_group: str
    weights: str
    weights_sha256: str
    run_card: dict[str, Any]

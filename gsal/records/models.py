"""Networks: trained here or brought along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gsal.records.saliency import Ability, SaliencyMethod

__all__ = [
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "BroughtModel",
    "ModelFormat",
    "ModelKind",
    "ModelRecord",
    "ModelStatus",
    "Outputs",
    "Preprocessing",
]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class ModelKind(StrEnum):
    """What a network answers."""

    SEGMENTER = "segmenter"
    CLASSIFIER = "classifier"


class ModelFormat(StrEnum):
    """What a file of a network holds: its weights alone, or a program that computes its answers."""

    STATE_DICT = "state_dict"
    TORCHSCRIPT = "torchscript"
    EXPORTED = "torch.export"
    ONNX = "onnx"

    @property
    def runs_code(self) -> bool:
        """Whether reading or running such a file runs code of whoever made it.

        TorchScript is a program with access to files. torch.export.load unpickles parts of the file and
        evaluates expressions in it. ONNX names operators of the runtime only; of a state_dict only tensors
        are read.
        """
        return self in {ModelFormat.TORCHSCRIPT, ModelFormat.EXPORTED}

    @property
    def abilities(self) -> frozenset[Ability]:
        """What a network in this format can be asked for."""
        if self is ModelFormat.ONNX:
            return frozenset({Ability.LOGITS})
        if self.runs_code:
            return frozenset({Ability.LOGITS, Ability.INPUT_GRADIENTS})
        return frozenset(Ability)


class Outputs(StrEnum):
    """What a classifier's numbers are."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"


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
class BroughtModel:
    """How a classifier that was trained elsewhere is run.

    Attributes:
        format: Of its stored file.
        outputs: What it answers.
        layer: Of Grad-CAM; "" for the last feature maps.
        refused: The saliency methods that cannot explain it, and why, found by a dry run.
        trusted: SHA-256 of the file whose code the user agreed to run; "" where there is none to run.
    """

    format: ModelFormat = ModelFormat.STATE_DICT
    outputs: Outputs = Outputs.LOGITS
    layer: str = ""
    refused: Mapping[SaliencyMethod, str] = field(default_factory=dict)
    trusted: str = ""


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
        weights: Path of its file relative to the project's folder, safetensors unless it was brought along in
            another format; "" while training.
        weights_sha256: Of that file.
        run_card: Data, recipe, versions, hashes, JSON-ready.
        brought: How it is run; as is, for a network that was trained here.
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
    brought: BroughtModel = field(default_factory=BroughtModel)

"""A dry run of a model from outside: what fits, what does not, and which saliency methods can explain it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gsal.arrays import RgbImage
from gsal.audit.names import method_name
from gsal.errors import ImageError, ModelError
from gsal.files import sha256_of_bytes
from gsal.images.geometry import resize_image
from gsal.jobs.masks.making import read_picture
from gsal.jobs.models.card import ModelCard, find_card, read_card
from gsal.jobs.models.format import find_format
from gsal.jobs.models.report import Check, CheckedModel, Fit
from gsal.project import Project
from gsal.records import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    BroughtModel,
    ImageRecord,
    ModelFormat,
    Outputs,
    Preprocessing,
    SaliencyMethod,
    Side,
)

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gsal.models.outside import OutsideModel

__all__ = ["check_model"]

_USUAL = ModelCard(architecture="densenet121", size=224, mean=IMAGENET_MEAN, std=IMAGENET_STD)
_TRIED_PICTURES = 20
_GREY = 128
_RESCALING = ("googlenet", "inception_v3")
_WORDS = {
    ModelFormat.STATE_DICT: "weights (state_dict)",
    ModelFormat.TORCHSCRIPT: "a TorchScript program",
    ModelFormat.EXPORTED: "a torch.export program",
    ModelFormat.ONNX: "an ONNX network",
}


def check_model(
    project: Project,
    weights: Path,
    asked: ModelCard,
    *,
    card: Path | None = None,
    trust: bool = False,
    sha256: str = "",
) -> CheckedModel:
    """Try a model on a picture of the project; nothing is kept.

    Args:
        project: Whose classes and pictures it has to do with.
        weights: The model's file.
        asked: What was said of it beside its card, and goes before that.
        card: Its card; None for the one beside it, if any.
        trust: Whether the user agreed to run code that is in the file.
        sha256: Of the file that was agreed to; another one is not opened. "" for any.
    """
    return _DryRun(project, weights, asked, card, is_trusted=trust, agreed=sha256).run()


@dataclass(slots=True, eq=False)
class _DryRun:
    """The stages of a dry run; each says what it found, and raises a ModelError where nothing fits."""

    project: Project
    path: Path
    asked: ModelCard
    card: Path | None
    is_trusted: bool
    agreed: str
    checks: list[Check] = field(default_factory=list)
    format: ModelFormat = ModelFormat.STATE_DICT
    data: bytes = b""
    sha256: str = ""
    layer: str = ""
    described: "OutsideModel | None" = None
    module: "nn.Module | None" = None
    inputs: "Tensor | None" = None
    refused: dict[SaliencyMethod, str] = field(default_factory=dict)

    def run(self) -> CheckedModel:
        for topic, stage in (
            ("File", self._read),
            ("Card", self._describe),
            ("Trust", self._ask_trust),
            ("Network", self._open),
            ("Answers", self._answer),
            ("Saliency", self._explain),
        ):
            try:
                stage()
            except ModelError as error:
                self._say(topic, str(error), Fit.MISFIT)
                break
        described, fits = self.described, self.inputs is not None
        return CheckedModel(
            tuple(self.checks),
            self.data,
            self.sha256,
            described if fits else None,
            self.module if fits else None,
            BroughtModel(
                format=self.format,
                outputs=Outputs.LOGITS if described is None else described.outputs,
                layer=self.layer,
                refused=self.refused,
                trusted=self.sha256 if self.format.runs_code and self.is_trusted else "",
            ),
        )

    def _say(self, topic: str, text: str, fit: Fit = Fit.FITS) -> None:
        self.checks.append(Check(topic, text, fit))

    def _read(self) -> None:
        from gsal.models.checkpoints import read_file

        self.format, self.data = find_format(self.path), read_file(self.path)
        self.sha256 = sha256_of_bytes(self.data)
        if self.agreed not in {"", self.sha256}:
            raise ModelError(f"{self.path}: the file was changed after it was checked. Check it again.")
        size = f"{len(self.data) / 1e6:.1f} MB"
        self._say("File", f"{self.path.name}: {_WORDS[self.format]}, {size}, SHA-256 {self.sha256[:12]}.")

    def _describe(self) -> None:
        from gsal.models.outside import OutsideModel

        path = self.card or find_card(self.path)
        stated = self.asked if path is None else self.asked.or_else(read_card(path))
        if path is not None:
            self._say("Card", f"Read from {path.name}.")
        classes = stated.classes or self.project.classes
        if unknown := [name for name in classes if name not in self.project.classes]:
            raise ModelError(
                f"The project has no class {', '.join(unknown)}; it has {', '.join(self.project.classes)}."
            )
        is_weights = self.format is ModelFormat.STATE_DICT
        if unsaid := _unsaid(stated, is_weights=is_weights):
            self._say("Card", f"Nobody said its {', '.join(unsaid)}: taken as usual.", Fit.NOTE)
        full = stated.or_else(_USUAL)
        self.layer = full.layer
        (r, g, b), (sr, sg, sb) = full.mean, full.std
        preprocessing = Preprocessing(full.size, (r, g, b), (sr, sg, sb))
        if is_weights and full.architecture in _RESCALING and full.mean == IMAGENET_MEAN:
            self._say(
                "Card",
                f"A {full.architecture} that began from torchvision's ImageNet weights rescales its input "
                "itself, which a state_dict does not tell: give mean and std 0.5, 0.5, 0.5 then.",
                Fit.NOTE,
            )
        self.described = OutsideModel(
            full.architecture if is_weights else "",
            classes,
            preprocessing,
            format=self.format,
            outputs=full.outputs or Outputs.LOGITS,
        )

    def _ask_trust(self) -> None:
        if not self.format.runs_code:
            return
        if not self.is_trusted:
            raise ModelError(
                f"{self.path.name} is {_WORDS[self.format]}: opening it runs code of whoever made it, which "
                "may do all that you may do on this machine. If you trust its maker, say so (--trust)."
            )
        self._say("Trust", "You agreed to run the code in this very file; its hash is kept.")

    def _open(self) -> None:
        from gsal.models.outside import open_outside

        described = self._known()
        self.module = open_outside(self.path, self.data, described)
        tensors = len(self.module.state_dict())
        fitted = f"{tensors} tensors fit {described.architecture}" if tensors else "The program was opened"
        self._say("Network", f"{fitted}; {len(described.classes)} classes: {', '.join(described.classes)}.")

    def _answer(self) -> None:
        from gsal.models.outside import answers_for
        from gsal.models.preprocessing import to_tensor

        described, module = self._known(), self.module
        assert module is not None  # noqa: S101 - the stage before this one
        size = described.preprocessing.size
        image, picture = _any_picture(self.project, described.classes)
        seen = resize_image(picture, height=size, width=size)
        # Beside it its negative: no statistics of a batch are the same with and without that.
        inputs = to_tensor(np.stack([seen, 255 - seen]), described.preprocessing)
        logits = answers_for(module, inputs, described)[0]
        self.inputs = inputs[:1]
        best = int(logits.argmax())
        if image is None:
            text = "The project has no picture that can be read; tried on a grey one"
            self._say("Answers", f"{text}, {size} x {size}: finite.", Fit.NOTE)
            return
        labelled = f", whose label is {image.label}" if image.label else ""
        self._say(
            "Answers",
            f"{Path(image.path).name}{labelled}, at {size} x {size} pixels: {described.classes[best]} "
            f"({float(logits.softmax(0)[best]):.2f}). All answers are finite.",
        )

    def _explain(self) -> None:
        from gsal.saliency.trial import try_method

        assert self.module is not None  # noqa: S101 - the stages come in order
        assert self.inputs is not None  # noqa: S101
        for method in SaliencyMethod:
            name = method_name(method)
            topic = name[0].upper() + name[1:]
            try:
                text = try_method(self.module, self.inputs, method, layer=self.layer or None)
            except ModelError as error:
                self.refused[method] = str(error)
                self._say(topic, f"Not possible. {error}", Fit.NOTE)
            else:
                self._say(topic, text)

    def _known(self) -> "OutsideModel":
        assert self.described is not None  # noqa: S101 - the stages come in order
        return self.described


def _unsaid(card: ModelCard, *, is_weights: bool) -> list[str]:
    usual: Mapping[str, tuple[object, str]] = {
        "architecture": (card.architecture or not is_weights, f"architecture ({_USUAL.architecture})"),
        "classes": (card.classes, "classes (all of the project, in its order)"),
        "size": (card.size, f"input size ({_USUAL.size})"),
        "mean": (card.mean, "mean (ImageNet's)"),
        "std": (card.std, "standard deviation (ImageNet's)"),
    }
    return [text for is_said, text in usual.values() if not is_said]


def _any_picture(project: Project, classes: tuple[str, ...]) -> tuple[ImageRecord | None, RgbImage]:
    """Return a picture to try a model on, best one that would judge it; a grey one if none can be read."""
    images = project.store.images.all()
    ordered = sorted(images, key=lambda i: (i.label not in classes, i.side is not Side.VALIDATION))
    for image in ordered[:_TRIED_PICTURES]:
        try:
            return image, read_picture(project, image)
        except ImageError:
            continue
    return None, np.full((_GREY, _GREY, 3), _GREY, np.uint8)

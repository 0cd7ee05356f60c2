"""Networks that come as programs, TorchScript or torch.export: opening one runs code of whoever made it."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.models.checkpoints import not_finite, refuse_damaged
from gsal.records import Ability, ModelFormat, Outputs

__all__ = ["Program", "load_program", "only_one_at_a_time"]

Answer = Callable[[Tensor], Any]

_LARGEST_BATCH = 1024
"""A program whose batches are bounded below this gets its pictures one by one."""

_LONGEST_TEXT = 200


class Program(nn.Module):
    """A classifier that runs as one piece.

    It shows neither modules nor parameters: a program refuses to be put into another mode, and no layer of it
    can be watched.

    Args:
        answer: From (N, 3, S, S) to what the program answers; of several outputs the first counts.
        abilities: What it can be asked for.
        outputs: What it answers; probabilities become logits by their logarithm, which softmax undoes.
        batch: The number of pictures it takes at a time; None for any.
    """

    def __init__(
        self, answer: Answer, *, abilities: frozenset[Ability], outputs: Outputs, batch: int | None
    ) -> None:
        super().__init__()
        self.abilities, self.outputs, self.batch = abilities, outputs, batch
        # In a tuple, for nn.Module would take a module in.
        self._answer = (answer,)

    @override
    def train(self, mode: bool = True) -> Self:
        self.training = mode
        return self

    @override
    def forward(self, images: Tensor) -> Tensor:
        if self.batch is None:
            answers = self._run(images)
        else:
            answers = torch.cat(
                [self._run_filled(part, self.batch) for part in torch.split(images, self.batch)]
            )
        if self.outputs is Outputs.PROBABILITIES:
            answers = answers.clamp_min(torch.finfo(answers.dtype).tiny).log()
        return answers

    def _run_filled(self, images: Tensor, batch: int) -> Tensor:
        missing = batch - len(images)
        filled = torch.cat([images, images[-1:].expand(missing, -1, -1, -1)]) if missing else images
        return self._run(filled)[: len(images)]

    def _run(self, images: Tensor) -> Tensor:
        (answer,) = self._answer
        try:
            found = answer(images)
        except Exception as error:
            # A program raises whatever its maker or its runtime chose.
            shape = " x ".join(map(str, images.shape))
            raise ModelError(f"The program does not take pictures of {shape}: {_said(error)}") from error
        while isinstance(found, tuple | list) and found:
            found = found[0]
        if not isinstance(found, Tensor):
            raise ModelError(f"The program answers with a {type(found).__name__}, expected a tensor.")
        return found


def load_program(
    path: Path, data: bytes, model_format: ModelFormat, *, outputs: Outputs, size: int
) -> Program:
    """Return a TorchScript or torch.export program in evaluation mode. This runs code that is in the file.

    Args:
        path: For what errors say.
        data: The file's content, whose hash whoever calls has compared with the one that was agreed to.
        model_format: TORCHSCRIPT or EXPORTED.
        outputs: What it answers.
        size: Side of its input, in pixels.

    Raises:
        ModelError: It is damaged, made by a version of torch that does not fit, or holds NaN or infinity.
    """
    refuse_damaged(path, data)
    read = _read_torchscript if model_format is ModelFormat.TORCHSCRIPT else _read_exported
    try:
        answer, batch, state = read(data)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    except Exception as error:
        # What is wrong with such a file comes as errors of many kinds.
        raise ModelError(
            f"{path}: damaged, or no {model_format} program that torch {torch.__version__} can load: "
            f"{_said(error)}"
        ) from error
    if broken := not_finite(state):
        raise ModelError(f"{path}: not finite: {broken}. Its weights are damaged.")
    if batch is None and only_one_at_a_time(answer, size):
        batch = 1
    return Program(answer, abilities=model_format.abilities, outputs=outputs, batch=batch)


def only_one_at_a_time(answer: Answer, size: int) -> bool:
    """Whether a program that says nothing of its batches answers two pictures with an error."""
    try:
        with torch.inference_mode():
            answer(torch.zeros(2, 3, size, size))
    except Exception:  # noqa: BLE001 - whatever it is, it shows again, and is told, with one picture
        return True
    return False


def _read_torchscript(data: bytes) -> tuple[Answer, int | None, dict[str, Tensor]]:
    with warnings.catch_warnings():
        # torch wishes that nobody made such files any more; labs have them.
        warnings.simplefilter("ignore", DeprecationWarning)
        program = torch.jit.load(io.BytesIO(data), map_location="cpu")  # type: ignore[no-untyped-call]
    program.eval()
    for parameter in program.parameters():
        parameter.requires_grad_(False)
    return program, None, program.state_dict()


def _read_exported(data: bytes) -> tuple[Answer, int | None, dict[str, Tensor]]:
    program = torch.export.load(io.BytesIO(data))
    module = program.module()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    names = program.graph_signature.user_inputs
    if len(names) != 1:
        raise ModelError(
            f"it takes {len(names)} inputs ({', '.join(map(str, names))}), expected the picture."
        )
    placeholder = next(node for node in program.graph.nodes if node.name == names[0])
    batch = placeholder.meta["val"].shape[0]
    if isinstance(batch, int):
        return module, batch, dict(program.state_dict)
    bounds = [constraint.upper for constraint in program.range_constraints.values()]
    is_bounded = any(bound.is_finite and bound < _LARGEST_BATCH for bound in bounds)
    return module, 1 if is_bounded else None, dict(program.state_dict)


def _said(error: Exception) -> str:
    """Return what an error says in a line; TorchScript tells what happened after where it did."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    return (lines[-1] if "TorchScript" in lines[0] else lines[0])[:_LONGEST_TEXT]

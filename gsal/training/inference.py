"""What a network says about pictures, in batches, without gradients."""

import contextlib
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gsal.models.preprocessing import to_tensor
from gsal.records import Preprocessing

__all__ = ["predict_logits", "segment_logits"]


def _go_on() -> None:
    """Never stop."""


def predict_logits(
    model: nn.Module,
    pictures: npt.NDArray[np.uint8],
    preprocessing: Preprocessing,
    *,
    batch_size: int = 32,
    check: Callable[[], None] = _go_on,
) -> npt.NDArray[np.float64]:
    """Return a classifier's logits (N, classes), float64.

    Args:
        model: From (n, 3, S, S) to (n, classes); its mode is left as it was.
        pictures: (N, S, S, 3) uint8, S = preprocessing.size.
        preprocessing: Size, mean and standard deviation of the network.
        batch_size: Pictures at a time.
        check: Called after each batch; what it raises stops the work.
    """
    return _in_batches(model, pictures, preprocessing, batch_size, check).numpy().astype(np.float64)


def segment_logits(
    model: nn.Module,
    pictures: npt.NDArray[np.uint8],
    *,
    batch_size: int = 16,
    check: Callable[[], None] = _go_on,
) -> npt.NDArray[np.float32]:
    """Return a segmenter's ink logits (N, S, S), float32, for pictures (N, S, S, 3) uint8."""
    preprocessing = Preprocessing(size=pictures.shape[1])
    return _in_batches(model, pictures, preprocessing, batch_size, check)[:, 0].float().numpy()


def _in_batches(
    model: nn.Module,
    pictures: npt.NDArray[np.uint8],
    preprocessing: Preprocessing,
    batch_size: int,
    check: Callable[[], None],
) -> Tensor:
    # A program shows no parameters; it computes on the processor.
    like = next(model.parameters(), torch.empty(0))
    outputs = []
    with _evaluating(model), torch.inference_mode():
        for start in range(0, max(len(pictures), 1), batch_size):
            inputs = to_tensor(pictures[start : start + batch_size], preprocessing)
            outputs.append(model(inputs.to(like.device, like.dtype)).cpu())
            check()
    return torch.cat(outputs)


@contextlib.contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)

"""What a training came to."""

from dataclasses import dataclass

from gsal.training.recipe import Precision

__all__ = ["TrainingResult"]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What a training came to.

    Attributes:
        epochs: Finished.
        history: Per epoch, the metrics by series.
        final: Metrics of the epoch whose weights were kept.
        kept_epoch: That epoch, counted from 1.
        stopped_early: Whether the validation loss had stopped getting better.
        seconds: Of all the runs it took.
        waiting_share: Of the time of its steps, in which the network waited for its next batch.
        processes: That trained it together.
        threads: Of torch; another number may change the last bits of a result.
        precision: What was computed with.
        device: What computed it.
        data_sha256: Of all that was learned from and validated with, at the network's size.
    """

    epochs: int
    history: tuple[dict[str, float], ...]
    final: dict[str, float]
    kept_epoch: int
    stopped_early: bool
    seconds: float
    waiting_share: float
    processes: int
    threads: int
    precision: Precision
    device: str
    data_sha256: str

"""What methods cost: the passes that are counted are those that are made."""

from collections.abc import Callable

import pytest
from torch import Tensor, nn

from gsal.records import SaliencyMethod
from gsal.saliency.cost import Passes, duration_words, passes_of
from gsal.saliency.engine import explain
from gsal.saliency.options import Options

_OPTIONS = Options(samples=3, steps=2)


def _passes(model: nn.Module, images: Tensor, methods: list[SaliencyMethod]) -> tuple[Passes, set[int]]:
    """Those that one picture of the batch takes, and the sizes of the batches that went through."""
    pictures: list[int] = []
    backwards: list[int] = []

    def watch(module: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
        del module
        pictures.append(len(args[0]))
        if output.requires_grad:
            output.register_hook(lambda _: backwards.append(len(args[0])))  # type: ignore[no-untyped-call]

    handle = model.register_forward_hook(watch)
    try:
        explain(model, images, methods, _OPTIONS)
    finally:
        handle.remove()
    return Passes(sum(pictures) // len(images), sum(backwards) // len(images)), set(pictures)


@pytest.mark.parametrize("method", SaliencyMethod)
def test_passes_are_counted_as_they_are_made(
    networks: dict[str, nn.Module], pictures: Callable[..., Tensor], method: SaliencyMethod
) -> None:
    made, _ = _passes(networks["thin"], pictures(2, 32, 32), [method])
    assert made == passes_of([method], classes=4, size=32, options=_OPTIONS)


@pytest.mark.parametrize("method", SaliencyMethod)
def test_who_follows_is_told_of_each_pass_and_may_end_it(
    networks: dict[str, nn.Module], pictures: Callable[..., Tensor], method: SaliencyMethod
) -> None:
    told: list[int] = []
    model, images = networks["thin"], pictures(2, 32, 32)
    explain(model, images, [method], _OPTIONS, follow=told.append)
    assert sum(told) == 2 * passes_of([method], classes=4, size=32, options=_OPTIONS).forward

    def end(pictures: int) -> None:
        del pictures
        raise InterruptedError

    with pytest.raises(InterruptedError):
        explain(model, images, [method], _OPTIONS, follow=end)


def test_methods_together_share_passes(
    networks: dict[str, nn.Module], pictures: Callable[..., Tensor]
) -> None:
    methods = list(SaliencyMethod)
    made, _ = _passes(networks["thin"], pictures(2, 32, 32), methods)
    assert made == passes_of(methods, classes=4, size=32, options=_OPTIONS)
    alone = [passes_of([method], classes=4, size=32, options=_OPTIONS) for method in methods]
    assert made.forward_equivalents < sum(one.forward_equivalents for one in alone)


def test_samples_and_steps_go_through_one_after_another(
    networks: dict[str, nn.Module], pictures: Callable[..., Tensor]
) -> None:
    methods = [SaliencyMethod.SMOOTHGRAD, SaliencyMethod.INTEGRATED_GRADIENTS]
    assert _passes(networks["thin"], pictures(2, 32, 32), methods)[1] == {2}


def test_seconds_follow_from_one_forward_pass() -> None:
    assert Passes(3, 0).seconds(0.5) == 1.5
    assert Passes(1, 7).seconds(0.1) > Passes(1, 0).seconds(0.1) * 8


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "about 1 second for 600 pictures"),
        (42.4, "about 42 seconds for 600 pictures"),
        (60, "about 1 minute for 600 pictures"),
        (5400, "about 1.5 hours for 600 pictures"),
        (3600 * 30, "about 1.2 days for 600 pictures"),
    ],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration_words(seconds, 600) == words

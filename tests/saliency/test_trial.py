"""The trial of methods on a model from outside: what it says, and that slow methods are not run in full."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.records import Ability, SaliencyMethod
from gsal.saliency.trial import forward_seconds, try_method

Networks = dict[str, nn.Module]
Pictures = Callable[..., Tensor]

_BY_ITSELF = "Works with every model, for it does not look at it."


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (SaliencyMethod.GRAD_CAM, "Works, on layer norm5, whose maps are 2 x 2."),
        (SaliencyMethod.COMPETITIVE, "Works."),
        (SaliencyMethod.GRADIENT, "Works."),
        (SaliencyMethod.GRADIENT_INPUT, "Works."),
        (SaliencyMethod.SMOOTHGRAD, "Works, at 26 forward and 100 backward passes a picture."),
        (SaliencyMethod.INTEGRATED_GRADIENTS, "Works, at 33 forward and 128 backward passes a picture."),
        (
            SaliencyMethod.GUIDED_GRAD_CAM,
            "Works, on layer norm5, whose maps are 2 x 2, at 8 forward and 4 backward passes a picture.",
        ),
        (SaliencyMethod.OCCLUSION, "Works, at 227 forward passes a picture."),
        (SaliencyMethod.RANDOM, _BY_ITSELF),
        (SaliencyMethod.SOBEL, _BY_ITSELF),
    ],
)
def test_what_is_said_of_a_method_that_works(
    networks: Networks, pictures: Pictures, method: SaliencyMethod, words: str
) -> None:
    model, forwards = networks["thin"], []
    handle = model.register_forward_hook(lambda *_: forwards.append(1))
    try:
        assert try_method(model, pictures(1, 64, 64), method) == words
    finally:
        handle.remove()
    assert len(forwards) <= 5


class _AnswersOnly(nn.Module):
    abilities = frozenset({Ability.LOGITS})

    @override
    def forward(self, images: Tensor) -> Tensor:
        return images.mean(dim=(2, 3))


@pytest.mark.parametrize("method", SaliencyMethod)
def test_a_model_that_gives_answers_only(pictures: Pictures, method: SaliencyMethod) -> None:
    if method.needs is Ability.LOGITS:
        assert try_method(_AnswersOnly(), pictures(1, 64, 64), method).startswith("Works")
    else:
        with pytest.raises(ModelError, match=r"needed|watched"):
            try_method(_AnswersOnly(), pictures(1, 64, 64), method)


def test_guided_grad_cam_is_refused_without_relus(networks: Networks, pictures: Pictures) -> None:
    with pytest.raises(ModelError, match="MobileNetV2 has none; ReLU6"):
        try_method(networks["mobilenet"], pictures(1, 64, 64), SaliencyMethod.GUIDED_GRAD_CAM)


def test_a_forward_pass_is_measured_per_picture(networks: Networks, pictures: Pictures) -> None:
    model = networks["thin"].train()
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        assert 0 < forward_seconds(model, pictures(2, 32, 32)) < 60
        assert model.training
        assert all(torch.equal(tensor, weights[name]) for name, tensor in model.state_dict().items())
    finally:
        model.eval()

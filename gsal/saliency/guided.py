"""Guided backpropagation (Springenberg et al. 2015) and guided Grad-CAM, through Captum."""

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from typing_extensions import override

from gsal.errors import ModelError
from gsal.saliency.backends import passes
from gsal.saliency.following import Follow, unfollowed
from gsal.saliency.frozen import check_images, check_logits, frozen
from gsal.saliency.layers import find_layer

__all__ = ["guided_backpropagation", "guided_grad_cam"]

_RELUS = frozenset({F.relu, F.relu_, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_})


def guided_grad_cam(
    model: nn.Module, images: Tensor, *, layer: str | None = None, follow: Follow = unfollowed
) -> Tensor:
    """Return guided Grad-CAM (Selvaraju et al. 2017) for every class, summed over channels.

    It is guided backpropagation times the positive part of Grad-CAM, upsampled bilinearly; not scaled by
    hw/(HW) as Grad-CAM is here, for a product is complete under no scale.

    Args:
        model: A classifier with ReLUs; it is left as it was.
        images: (N, channels, H, W), normalised.
        layer: Of Grad-CAM, as in `gsal.saliency.grad_cam`.
        follow: Is told of each pass before it.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model or its layer cannot be explained, or it has no ReLUs.
    """
    follow(len(images))
    cam = passes(model, images, layer=find_layer(model, layer)).cam
    assert cam is not None  # noqa: S101 - a layer was asked for
    where = F.interpolate(cam.relu(), size=images.shape[-2:], mode="bilinear", align_corners=False)
    return guided_backpropagation(model, images, follow=follow) * where


def guided_backpropagation(
    model: nn.Module,
    images: Tensor,
    *,
    classes: Collection[int] | None = None,
    follow: Follow = unfollowed,
) -> Tensor:
    """Return the sum over channels of dz_c/dx where ReLUs pass back what is positive only.

    Args:
        model: A classifier with ReLUs, as modules or functions, shared or in place; it is left as it was.
        images: (N, channels, H, W), normalised.
        classes: Which to explain; all if None.
        follow: Is told of each pass before it.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model cannot be explained, or it has no ReLUs.
    """
    from captum.attr import GuidedBackprop

    check_images(images)
    with torch.inference_mode(False), frozen(model):
        inputs = images.detach().clone(memory_format=torch.channels_last).requires_grad_()
        network, logits = _with_relus(model, inputs, follow)
        method = GuidedBackprop(network)
        warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")  # on our own ones only
        wanted = range(logits.shape[1]) if classes is None else classes
        maps = []
        for index in wanted:
            follow(len(images))
            maps.append(method.attribute(inputs, target=index).detach().sum(dim=1))
    return torch.stack(maps, dim=1)


class _ExplicitRelus(nn.Module):
    """A network whose every ReLU is a module of its own that does not work in place, as Captum needs.

    The network is no submodule: Captum hooks the modules of what it is given, which are these ReLUs alone.
    """

    def __init__(self, network: nn.Module, count: int) -> None:
        super().__init__()
        self.network = (network,)
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(count))

    @override
    def forward(self, images: Tensor) -> Tensor:
        relus = iter(self.relus)
        # Captum hooks the tensor that goes in, which elsewhere may have other uses: the view has none.
        with _Instead(lambda inputs: next(relus)(inputs.view_as(inputs))):
            return check_logits(self.network[0](images))


class _Instead(TorchFunctionMode):
    """Calls something else wherever a ReLU is called, be it by a module, as a function or in place."""

    def __init__(self, relu: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.relu = relu

    @override
    def __torch_function__(
        self,
        func: Any,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func in _RELUS and args:
            return self.relu(args[0])
        return func(*args, **(kwargs or {}))


def _with_relus(model: nn.Module, images: Tensor, follow: Follow) -> tuple[_ExplicitRelus, Tensor]:
    """Return the network with explicit ReLUs, and its logits."""
    count = 0

    def counted(inputs: Tensor) -> Tensor:
        nonlocal count
        count += 1
        return inputs.clamp(min=0)

    with torch.no_grad():
        follow(len(images))
        with _Instead(counted):
            found = check_logits(model(images))
        if not count:
            raise ModelError(
                f"Guided backpropagation changes what ReLUs pass back, and this {type(model).__name__} has "
                "none; ReLU6, SiLU and GELU are others."
            )
        follow(len(images))
        expected = check_logits(model(images))
    if bool((found - expected).abs().amax() > 1e-3 * expected.abs().amax()):
        raise ModelError(
            f"Guided backpropagation needs ReLUs that answer with a new tensor; this {type(model).__name__} "
            "uses what a ReLU left in place."
        )
    return _ExplicitRelus(model, count), expected

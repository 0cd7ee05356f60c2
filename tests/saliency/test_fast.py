"""Fast mode is offered only where a check on the network itself allows it."""

import numpy as np
import pytest
import torch

from gsal.errors import ModelError
from gsal.models.registry import build_classifier
from gsal.saliency import fast
from gsal.saliency.fast import TOLERANCE, FastCheck, check_fast
from gsal.saliency.options import Options

_INK = np.zeros((5, 64, 64))
_INK[:, 20:30, 10:50] = 1


@pytest.fixture
def with_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the machine has it; torch computes it either way."""
    monkeypatch.setattr(fast, "has_bfloat16", lambda _device: True)


def _pictures(n: int) -> torch.Tensor:
    return torch.randn(n, 3, 64, 64, generator=torch.Generator().manual_seed(3))


@pytest.mark.usefixtures("with_bfloat16")
def test_a_usual_network_is_within() -> None:
    check = check_fast(build_classifier("densenet-small", 4, seed=0).eval(), _pictures(5), _INK, Options())
    assert check.pictures == 5
    assert 0 < check.mean < TOLERANCE
    assert check.is_within


@pytest.mark.usefixtures("with_bfloat16")
def test_too_far_is_refused_with_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "TOLERANCE", 1e-6)
    with pytest.raises(ModelError, match="on 5 pictures m differs by"):
        check_fast(build_classifier("densenet-small", 4, seed=0).eval(), _pictures(5), _INK, Options())
    assert not FastCheck(5, 0.2, 0.0).is_within


@pytest.mark.usefixtures("with_bfloat16")
def test_pictures_without_ink_do_not_count() -> None:
    some = _INK.copy()
    some[2:] = 0
    with pytest.raises(ModelError, match="only 2 were given"):
        check_fast(build_classifier("densenet-small", 4, seed=0).eval(), _pictures(5), some, Options())


def test_a_machine_without_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "has_bfloat16", lambda _device: False)
    with pytest.raises(ModelError, match="would be slower"):
        check_fast(build_classifier("densenet-small", 4, seed=0).eval(), _pictures(5), _INK, Options())

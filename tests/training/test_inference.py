import numpy as np
import numpy.typing as npt
import torch

from gsal.models.preprocessing import to_tensor
from gsal.models.registry import build_classifier, build_segmenter
from gsal.records import Preprocessing
from gsal.training.inference import predict_logits, segment_logits


def pictures(count: int, size: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def test_logits_are_those_of_the_network_in_evaluation_whatever_the_batch() -> None:
    model = build_classifier("densenet-small", 3, seed=0).train()
    images, preprocessing = pictures(5, 32), Preprocessing(size=32)
    logits = predict_logits(model, images, preprocessing, batch_size=2)
    assert model.training
    assert logits.dtype == np.float64
    with torch.inference_mode():
        expected = model.eval()(to_tensor(images, preprocessing)).numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_double_networks_predict_in_double() -> None:
    model = build_classifier("densenet-small", 3, seed=0).double()
    assert predict_logits(model, pictures(1, 32), Preprocessing(size=32)).dtype == np.float64


def test_no_pictures_give_no_logits() -> None:
    model = build_classifier("densenet-small", 3, seed=0)
    assert predict_logits(model, pictures(0, 32), Preprocessing(size=32)).shape == (0, 3)


def test_ink_logits_are_those_of_the_network_in_evaluation() -> None:
    model = build_segmenter(seed=0).train()
    images = pictures(3, 40)
    logits = segment_logits(model, images, batch_size=2)
    assert model.training
    assert logits.shape == (3, 40, 40)
    with torch.inference_mode():
        expected = model.eval()(to_tensor(images, Preprocessing(size=40)))[:, 0].numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-4)

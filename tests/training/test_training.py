"""Both networks' trainings on tiny pictures that can be learnt."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from gsal.models.registry import build_classifier, build_segmenter
from gsal.progress import Event, JobCancelled, JobContext, MetricPoint
from gsal.records import Preprocessing
from gsal.training.classifier import train_classifier
from gsal.training.datasets import ClassifierData, SegmenterData
from gsal.training.inference import predict_logits, segment_logits
from gsal.training.recipe import CLASSIFIER_RECIPES, SEGMENTER_RECIPES, Augment
from gsal.training.segmenter import train_segmenter

CLASSIFIER = replace(CLASSIFIER_RECIPES["demo"], size=32, epochs=3, batch_size=16)
SEGMENTER = replace(SEGMENTER_RECIPES["demo"], size=32, window=32, epochs=2, batch_size=6, learning_rate=0.01)


def classifier_data() -> ClassifierData:
    """Noise in three colours, unevenly many."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [40, 14, 10]).astype(np.int64)
    pictures = rng.integers(90, 130, (64, 32, 32, 3))
    pictures[np.arange(64), :, :, labels] += 60
    order = rng.permutation(64)
    bright, labels = pictures[order].astype(np.uint8), labels[order]
    return ClassifierData(bright[:44], labels[:44], bright[44:], labels[44:])


def segmenter_data() -> SegmenterData:
    """Skin with a blue square in every other picture."""
    rng = np.random.default_rng(0)
    masks = np.zeros((18, 32, 32), bool)
    for mask in masks[::2]:
        top, left = rng.integers(0, 16, 2)
        mask[top : top + 16, left : left + 16] = True
    noise = rng.integers(-20, 20, (18, 32, 32, 3))
    pictures = (np.where(masks[..., None], (40, 40, 160), (210, 170, 150)) + noise).astype(np.uint8)
    targets = masks.astype(np.uint8)
    return SegmenterData(list(pictures[:12]), list(targets[:12]), list(pictures[12:]), list(targets[12:]))


def test_a_classifier_learns_reports_and_resumes_to_the_bit(tmp_path: Path) -> None:
    data, events = classifier_data(), list[Event]()
    whole = build_classifier("densenet-small", 3, seed=0)
    result = train_classifier(
        whole, data, CLASSIFIER, seed=1, checkpoint=tmp_path / "a.pt", ctx=JobContext(events.append)
    )
    assert result.final["accuracy/validation"] > 0.9
    assert result.final["auroc/validation"] > 0.95
    assert {event.series for event in events if isinstance(event, MetricPoint)} == set(result.final)
    logits = predict_logits(whole, data.validation_pictures, Preprocessing(size=32))
    assert (logits.argmax(1) == data.validation_labels).mean() == result.final["accuracy/validation"]

    cancel = threading.Event()

    def stop(event: Event) -> None:
        if isinstance(event, MetricPoint):
            cancel.set()

    parts = build_classifier("densenet-small", 3, seed=0)
    with pytest.raises(JobCancelled):
        train_classifier(
            parts, data, CLASSIFIER, seed=1, checkpoint=tmp_path / "b.pt", ctx=JobContext(stop, cancel=cancel)
        )
    parts = build_classifier("densenet-small", 3, seed=9)
    resumed = train_classifier(
        parts, data, CLASSIFIER, seed=1, checkpoint=tmp_path / "b.pt", ctx=JobContext()
    )
    assert resumed.history == result.history
    assert_same_weights(parts, whole)


def test_processes_that_make_samples_ahead_change_no_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through two epochs, with the changes of each picture drawn in another process."""
    data, recipe = classifier_data(), replace(CLASSIFIER, epochs=2, augment=Augment.FULL)
    trained = []
    for workers in (0, 1):
        monkeypatch.setattr("gsal.training.loop.workers_for", lambda _, n=workers: n)
        network = build_classifier("densenet-small", 3, seed=0)
        state = tmp_path / f"{workers}.pt"
        train_classifier(network, data, recipe, seed=1, checkpoint=state, ctx=JobContext())
        trained.append(network)
    assert_same_weights(*trained)


def test_a_segmenter_learns_and_resumes_to_the_bit(tmp_path: Path) -> None:
    data = segmenter_data()
    whole = build_segmenter(seed=0)
    result = train_segmenter(whole, data, SEGMENTER, seed=1, checkpoint=tmp_path / "a.pt", ctx=JobContext())
    assert result.final["loss/validation"] < result.history[0]["loss/validation"]

    cancel = threading.Event()
    context = JobContext(
        lambda event: cancel.set() if isinstance(event, MetricPoint) else None, cancel=cancel
    )
    with pytest.raises(JobCancelled):
        train_segmenter(
            build_segmenter(seed=0), data, SEGMENTER, seed=1, checkpoint=tmp_path / "b.pt", ctx=context
        )
    parts = build_segmenter(seed=9)
    resumed = train_segmenter(parts, data, SEGMENTER, seed=1, checkpoint=tmp_path / "b.pt", ctx=JobContext())
    assert resumed.history == result.history
    assert_same_weights(parts, whole)
    assert segment_logits(whole.deploy(), np.stack(data.validation_pictures)).shape == (6, 32, 32)


def test_series_that_are_undefined_are_left_out(tmp_path: Path) -> None:
    data = segmenter_data()
    clean = replace(data, validation_targets=[np.zeros((32, 32), np.uint8)] * 6)
    model = build_segmenter(seed=0)
    nn.init.constant_(model.get_parameter("head.1.bias"), -50.0)
    recipe = replace(SEGMENTER, epochs=1, learning_rate=1e-9, augment=Augment.NONE)
    result = train_segmenter(model, clean, recipe, seed=0, checkpoint=tmp_path / "c.pt", ctx=JobContext())
    assert set(result.final) == {"loss/training", "loss/validation"}


def assert_same_weights(first: nn.Module, second: nn.Module) -> None:
    for key, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[key]), key

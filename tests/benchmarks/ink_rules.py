"""The ink rules on photographs at 448 px: Dice against masks, sensitivity, false positives, CPU.

By default on synthetic scenes; GSAL_PHOTOS names a folder of real ones with labels*.csv (columns file,
ink_seen) and ink_masks.csv (columns file, mask).
"""

import csv
import os
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.images.geometry import resize_image, resize_mask, working_shape
from gsal.images.loader import load_rgb
from gsal.masks.agreement import dice
from gsal.masks.area import is_inked
from gsal.masks.ink_rules import propose
from gsal.masks.pick import automatic_pick, is_inked_by_vote
from gsal.synthetic import render_twins, scene_labels
from tests.benchmarks.harness import Row, main

SIDE = 448
SCENES = 40
Case = tuple[RgbImage, bool, Mask | None]


def _synthetic() -> Iterator[Case]:
    for index, label in enumerate(scene_labels(SCENES, 0)):
        twins = render_twins(index, label)
        yield twins.inked, True, twins.ink
        yield twins.clean, False, None


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _photographs(folder: Path) -> Iterator[Case]:
    masks = {row["file"]: row["mask"] for row in _table(folder / "ink_masks.csv")}
    for labels in sorted(folder.glob("labels*.csv")):
        for row in _table(labels):
            if row["ink_seen"] in {"yes", "no"}:
                mask = masks.get(row["file"])
                drawn = load_rgb(folder / mask)[..., 0] > 127 if mask else None
                yield load_rgb(folder / row["file"]), row["ink_seen"] == "yes", drawn


def measure() -> list[Row]:
    """Propose for every picture and compare."""
    folder = os.environ.get("GSAL_PHOTOS")
    name = "photographs" if folder else "synthetic"
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    said: dict[str, dict[bool, list[bool]]] = {}
    scores: dict[str, list[float]] = {}
    seconds = []
    for picture, is_seen, drawn in _photographs(Path(folder)) if folder else _synthetic():
        height, width = working_shape(*picture.shape[:2], long_side=SIDE)
        small = resize_image(picture, height=height, width=width)
        started = time.process_time()
        proposals = propose(small)
        seconds.append(time.process_time() - started)
        answers = {str(rule): is_inked(mask) for rule, mask in proposals.items()}
        answers["2-of-3"] = is_inked_by_vote(proposals)
        for subject, answer in answers.items():
            said.setdefault(subject, {True: [], False: []})[is_seen].append(answer)
        if drawn is not None:
            truth = resize_mask(drawn, height=height, width=width)
            found = {str(rule): dice(mask, truth) for rule, mask in proposals.items()}
            found |= {"best-of-three": max(found.values()), "pick": dice(automatic_pick(proposals), truth)}
            for subject, score in found.items():
                scores.setdefault(subject, []).append(score)
    cv2.setNumThreads(before)
    return [
        Row(name, "ours", "cpu_s_per_image", float(np.median(seconds)), "s"),
        *(Row(f"{name}, {s}", "ours", "dice_mean", float(np.mean(v)), "1") for s, v in scores.items()),
        *(
            Row(f"{name}, {subject}", "ours", metric, float(np.mean(of[is_seen])), "1")
            for subject, of in said.items()
            for metric, is_seen in (("sensitivity", True), ("false_positives", False))
        ),
    ]


if __name__ == "__main__":
    main(measure)

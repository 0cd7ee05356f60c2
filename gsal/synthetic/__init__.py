"""Synthetic skin-lesion photographs whose ink is known: every scene with and without it."""

from gsal.synthetic.pool import LABELS_FILE, write_pool
from gsal.synthetic.quotas import class_counts, scene_labels
from gsal.synthetic.scene import Twins, render_twins
from gsal.synthetic.settings import PenColour, PenKind, SceneSettings
from gsal.synthetic.traits import PREVALENCE

__all__ = [
    "LABELS_FILE",
    "PREVALENCE",
    "PenColour",
    "PenKind",
    "SceneSettings",
    "Twins",
    "class_counts",
    "render_twins",
    "scene_labels",
    "write_pool",
]

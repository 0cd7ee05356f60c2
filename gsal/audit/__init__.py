"""Global saliency, response rate accuracy and all else an audit computes from per-picture numbers.

Importing this package does not import scipy.stats, which is slow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gsal.audit.comparison import VarianceComparison, compare_variance
    from gsal.audit.data import AuditData
    from gsal.audit.entry import AuditEntry
    from gsal.audit.evidence import Evidence
    from gsal.audit.findings import Finding
    from gsal.audit.global_saliency import (
        ClassSaliency,
        ClassVariance,
        by_class,
        inter_class_variance,
        z_scores,
    )
    from gsal.audit.performance import Performance, Subset, macro_auroc
    from gsal.audit.response_band import ResponseBand, band
    from gsal.audit.response_rate import Curve, ResponseRate, aurrac, curve
    from gsal.audit.result import AuditResult, audit

__all__ = [
    "AuditData",
    "AuditEntry",
    "AuditResult",
    "ClassSaliency",
    "ClassVariance",
    "Curve",
    "Evidence",
    "Finding",
    "Performance",
    "ResponseBand",
    "ResponseRate",
    "Subset",
    "VarianceComparison",
    "audit",
    "aurrac",
    "band",
    "by_class",
    "compare_variance",
    "curve",
    "inter_class_variance",
    "macro_auroc",
    "z_scores",
]

_NAMES = {
    "comparison": (
        "VarianceComparison",
        "compare_variance",
    ),
    "data": ("AuditData",),
    "entry": ("AuditEntry",),
    "evidence": ("Evidence",),
    "findings": ("Finding",),
    "global_saliency": (
        "ClassSaliency",
        "ClassVariance",
        "by_class",
        "inter_class_variance",
        "z_scores",
    ),
    "performance": (
        "Performance",
        "Subset",
        "macro_auroc",
    ),
    "response_band": (
        "ResponseBand",
        "band",
    ),
    "response_rate": (
        "Curve",
        "ResponseRate",
        "aurrac",
        "curve",
    ),
    "result": (
        "AuditResult",
        "audit",
    ),
}
_HOMES = {name: f"{__name__}.{home}" for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

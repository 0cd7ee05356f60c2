"""Global saliency, response rate accuracy and all else an audit computes from per-picture numbers."""

from gsal.audit.comparison import VarianceComparison, compare_variance
from gsal.audit.data import AuditData
from gsal.audit.entry import AuditEntry
from gsal.audit.findings import Finding
from gsal.audit.global_saliency import ClassSaliency, ClassVariance, by_class, inter_class_variance, z_scores
from gsal.audit.performance import Performance, Subset, macro_auroc, performance
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
    "performance",
    "z_scores",
]

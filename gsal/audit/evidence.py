"""Everything an audit is computed from: what models said of pictures, with their ink and without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gsal.audit.answers import Answers
from gsal.audit.counterfactual import Pairs
from gsal.audit.data import AuditData
from gsal.audit.footing import Footing
from gsal.audit.shortfall import Shortfall
from gsal.records import Variant

__all__ = ["Evidence"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """What is known of some trained models; all but the tables may be missing.

    Attributes:
        tables: One for each model and saliency method, with all pictures that judge the model.
        placebos: By model and method, the same over the inked pictures with their ink painted over.
        pairs: By model, its answers to the same pictures with their ink and without.
        answers: By model, to the pictures as they are and to their variants.
        groups: Names of the models that differ in their training seed, or their fold, alone.
        ink_rates: By model, the share of inked pictures in its training set, where known.
        shortfalls: What was left out, for it is not complete, and what covers some of the pictures only.
        footings: The pictures and masks that each model's figures rest on, where known.

    Raises:
        ValueError: The same model and method twice.
    """

    tables: tuple[AuditData, ...]
    placebos: Mapping[tuple[str, str], AuditData] = field(default_factory=dict)
    pairs: Mapping[str, Pairs] = field(default_factory=dict)
    answers: Mapping[str, Mapping[Variant, Answers]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ink_rates: Mapping[str, float] = field(default_factory=dict)
    shortfalls: tuple[Shortfall, ...] = ()
    footings: tuple[Footing, ...] = ()

    def __post_init__(self) -> None:
        if len({(one.model, one.method) for one in self.tables}) != len(self.tables):
            raise ValueError("a model and method were given twice")

    @property
    def first_of_model(self) -> dict[str, AuditData]:
        """A table of each model, whatever its method, in the order given."""
        found: dict[str, AuditData] = {}
        for one in self.tables:
            found.setdefault(one.model, one)
        return found

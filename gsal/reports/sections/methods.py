"""How every figure is computed, with equations."""

from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Equation, Section, italic, lowered, note, paragraph

__all__ = ["section"]


def section(content: ReportContent) -> Section:  # noqa: ARG001 - the methods are those of every report
    """Return the definitions of all that is reported."""
    return Section("methods", "Methods", (*_saliency(), *_intervals(), *_response(), *_ink(), _source()))


def _saliency() -> tuple[Block, ...]:
    """What lies on the ink of a picture."""
    return (
        paragraph(
            "Saliency maps ",
            italic("g"),
            " are of the predicted class. With ",
            italic("w"),
            " the share of a map’s cell that ink covers, the mean saliency on ink of a picture is",
        ),
        Equation(
            r"m = \dfrac{\sum w\,g}{\sum w}, \qquad z = \dfrac{m - \mathrm{mean}}{\mathrm{sd}},",
            "m = Σ w g / Σ w, z = (m − mean) / sd",
        ),
        paragraph(
            "with mean and sd over all pixels of all validation pictures, inked or not, per model and "
            "method. The peak saliency ",
            italic("n"),
            " is the share of the 2 % most salient pixels that lies on ink. Pictures without ink have "
            "neither and are left out.",
        ),
    )


def _intervals() -> tuple[Block, ...]:
    """How sure figures are."""
    return (
        paragraph(
            "Intervals of ",
            italic("z"),
            " use a standard error clustered by patient and Student’s ",
            italic("t"),
            " with patients − 1 degrees of freedom; those of ",
            italic("n"),
            ", of accuracies, AUROCs and curves are percentiles of a bootstrap of whole patients, or of "
            "many pictures the normal interval that it tends to. All are 95 % each and not adjusted for "
            "their number. The variance between classes is that of the class means; noise taken off means "
            "minus their mean squared standard error. Its interval is the percentiles of a bootstrap of "
            "patients, what drawing and the pictures at hand add taken off.",
        ),
    )


def _response() -> tuple[Block, ...]:
    """Response rate accuracy and what stands beside it."""
    return (
        paragraph(
            "With ",
            italic("A"),
            lowered("k"),
            " the accuracy of the ",
            italic("k"),
            " inked pictures of least ink saliency, ",
            italic("k"),
            lowered("0"),
            " = ⌈",
            italic("N"),
            "/10⌉ and ",
            italic("C"),
            " right answers,",
        ),
        Equation(
            r"\mathrm{AURRAC} = \dfrac{1}{N - k_0 + 1} \sum_{k=k_0}^{N} A_k, \qquad "
            r"\mathrm{oracle} = \dfrac{1}{N - k_0 + 1} \sum_{k=k_0}^{N} "
            r"\min\left(1, \dfrac{C}{k}\right),",
            "AURRAC = mean of A_k, k = k_0 … N; oracle = mean of min(1, C/k)",
        ),
        Equation(
            r"\mathrm{normalised} = \dfrac{\mathrm{AURRAC} - C/N}{\mathrm{oracle} - C/N}\,.",
            "normalised = (AURRAC − C/N) / (oracle − C/N)",
        ),
        paragraph(
            "Ties in saliency share the mean of their group. Failure AUROC is the probability that a "
            "wrong answer has more ink saliency than a right one; the rank loss, mean of loss × rank / ",
            italic("N"),
            ", is a rescaled AUROC and no separate evidence.",
        ),
    )


def _ink() -> tuple[Block, ...]:
    """What the ink does, and the placebo."""
    return (
        paragraph(
            "What the ink does is measured on pairs: each inked picture as it is, and with its ink "
            "inpainted (Telea). Shares of decisions that change have Wilson’s interval of the effective "
            "number of pictures by patient, differences of called shares adjusted Wald intervals; P "
            "values of the classes called are adjusted by Holm’s method in the findings. Where there is "
            "no evidence, the effect that would have been found with 80 % power is given. The placebo "
            "is the same reading over the same masks on the inpainted pictures, on the scale of the "
            "pictures as they are, with the model’s answers to them."
        ),
    )


def _source() -> Block:
    """Whose method it is."""
    return note(
        "After J. Pfau, A. T. Young, M. L. Wei, M. J. Keiser: Global Saliency: Aggregating Saliency "
        "Maps to Assess Dataset Artefact Bias, 2019; with the intervals, ties and corrections "
        "described above."
    )

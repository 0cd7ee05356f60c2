"""All kinds of jobs by their names."""

from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.audits.export_per_image import ExportPerImage
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.deal_folds import DealFolds
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job
from gsal.jobs.masks.export_masks import ExportMasks
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.propose import Propose
from gsal.jobs.models.import_model import ImportModel
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.predictions.predict import Predict
from gsal.jobs.reading.validation import ChooseValidationSet, LockValidationSet
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.saliency.sanity import CheckSanity
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter

__all__ = ["JOBS"]

JOBS: dict[str, type[Job]] = {
    job.kind: job
    for job in (
        ImportImages,
        ImportMasks,
        ImportModel,
        Propose,
        TrainSegmenter,
        Segment,
        RetrainSegmenter,
        EvaluateSegmenter,
        CreateCohort,
        DealFolds,
        TrainClassifier,
        Predict,
        ComputeSaliency,
        CheckSanity,
        RunAudit,
        WriteReport,
        ExportPerImage,
        ExportMasks,
        ChooseValidationSet,
        LockValidationSet,
    )
}

"""All kinds of jobs by their names."""

from gsal.jobs.compute_saliency import ComputeSaliency
from gsal.jobs.create_cohort import CreateCohort
from gsal.jobs.deal_folds import DealFolds
from gsal.jobs.evaluate_segmenter import EvaluateSegmenter
from gsal.jobs.export_masks import ExportMasks
from gsal.jobs.export_per_image import ExportPerImage
from gsal.jobs.import_images import ImportImages
from gsal.jobs.import_masks import ImportMasks
from gsal.jobs.import_model import ImportModel
from gsal.jobs.job import Job
from gsal.jobs.predict import Predict
from gsal.jobs.propose import Propose
from gsal.jobs.retrain_segmenter import RetrainSegmenter
from gsal.jobs.run_audit import RunAudit
from gsal.jobs.segment import Segment
from gsal.jobs.train_classifier import TrainClassifier
from gsal.jobs.train_segmenter import TrainSegmenter
from gsal.jobs.validation import ChooseValidationSet, LockValidationSet
from gsal.jobs.write_report import WriteReport

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
        RunAudit,
        WriteReport,
        ExportPerImage,
        ExportMasks,
        ChooseValidationSet,
        LockValidationSet,
    )
}

"""The first tables."""

import sqlalchemy as sa
from alembic import op

from gsal.storage.triggers import refuse_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of a new project."""
    _pictures_and_readers()
    _cohorts()
    _models()
    _masks()
    _predictions()
    _saliency()
    _audits_and_jobs()
    _append_only()


def _pictures_and_readers() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("classes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("min_ink_px", sa.Float(), nullable=False),
        sa.Column("reference_px", sa.Integer(), nullable=False),
        sa.Column("split", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_table(
        "root",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root")),
        sa.UniqueConstraint("name", name=op.f("uq_root_name")),
    )
    op.create_table(
        "image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("patient_id", sa.String(length=200), nullable=False),
        sa.Column("lesion_id", sa.String(length=200), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=True),
        sa.Column("disagreement", sa.Float(), nullable=True),
        sa.Column("added", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["root.id"], name=op.f("fk_image_root_id_root")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("sha256", name=op.f("uq_image_sha256")),
    )
    op.create_index("ix_image_disagreement_id", "image", ["disagreement", "id"], unique=False)
    op.create_index(op.f("ix_image_label"), "image", ["label"], unique=False)
    op.create_index("ix_image_path_id", "image", ["path", "id"], unique=False)
    op.create_index(op.f("ix_image_patient_id"), "image", ["patient_id"], unique=False)
    op.create_index(op.f("ix_image_side"), "image", ["side"], unique=False)
    op.create_table(
        "reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("added", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sa.UniqueConstraint("name", name=op.f("uq_reader_name")),
    )


def _cohorts() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("mask_set", sa.String(length=20), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("achieved", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("name", name=op.f("uq_cohort_name")),
    )
    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_cohort_member_image_id_image")),
        sa.PrimaryKeyConstraint("cohort_id", "image_id", name=op.f("pk_cohort_member")),
    )


def _models() -> None:
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("architecture", sa.String(length=100), nullable=False),
        sa.Column("classes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("preprocessing", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("fold", sa.Integer(), nullable=True),
        sa.Column("replicate_group", sa.String(length=200), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("weights_sha256", sa.String(length=64), nullable=False),
        sa.Column("run_card", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_model_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("name", name=op.f("uq_model_name")),
    )
    op.create_table(
        "metric",
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("step", sa.Float(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_metric_model_id_model")),
        sa.PrimaryKeyConstraint("model_id", "series", "step", name=op.f("pk_metric")),
    )


def _masks() -> None:
    op.create_table(
        "mask_blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("box_height", sa.Integer(), nullable=False),
        sa.Column("box_width", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_mask_blob")),
    )
    op.create_table(
        "mask_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("ink_px", sa.Float(), nullable=False),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("pixels_added", sa.BigInteger(), nullable=False),
        sa.Column("pixels_removed", sa.BigInteger(), nullable=False),
        sa.Column("active_s", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_sha256"], ["mask_blob.sha256"], name=op.f("fk_mask_revision_blob_sha256_mask_blob")
        ),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_mask_revision_image_id_image")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_mask_revision_model_id_model")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["mask_revision.id"], name=op.f("fk_mask_revision_parent_id_mask_revision")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_mask_revision_reader_id_reader")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_revision")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mask_revision_uuid")),
    )
    op.create_index(op.f("ix_mask_revision_image_id"), "mask_revision", ["image_id"], unique=False)
    op.create_table(
        "mask_head",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_mask_head_image_id_image")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["mask_revision.id"], name=op.f("fk_mask_head_revision_id_mask_revision")
        ),
        sa.PrimaryKeyConstraint("image_id", "channel", name=op.f("pk_mask_head")),
    )
    op.create_index("ix_mask_head_channel", "mask_head", ["channel"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("active_s", sa.Float(), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_decision_image_id_image")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_decision_reader_id_reader")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["mask_revision.id"], name=op.f("fk_decision_revision_id_mask_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(
        "ix_decision_reader_purpose_image", "decision", ["reader_id", "purpose", "image_id"], unique=False
    )


def _predictions() -> None:
    op.create_table(
        "prediction_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("mask_set", sa.String(length=20), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_prediction_run_model_id_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction_run")),
    )
    op.create_index("uq_prediction_run", "prediction_run", ["model_id", "variant", "mask_set"], unique=True)
    op.create_table(
        "prediction",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("logits", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_prediction_image_id_image")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["prediction_run.id"], name=op.f("fk_prediction_run_id_prediction_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "image_id", name=op.f("pk_prediction")),
    )


def _saliency() -> None:
    op.create_table(
        "saliency_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("settings_key", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_saliency_run_model_id_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saliency_run")),
        sa.UniqueConstraint("settings_key", name=op.f("uq_saliency_run_settings_key")),
    )
    op.create_index(op.f("ix_saliency_run_model_id"), "saliency_run", ["model_id"], unique=False)
    op.create_table(
        "saliency_value",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("ink_px", sa.Float(), nullable=False),
        sa.Column("mask_area", sa.Float(), nullable=False),
        sa.Column("map_pixels", sa.Integer(), nullable=False),
        sa.Column("mask_sha256", sa.String(length=64), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_saliency_value_image_id_image")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["saliency_run.id"], name=op.f("fk_saliency_value_run_id_saliency_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "image_id", name=op.f("pk_saliency_value")),
    )


def _audits_and_jobs() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.Column("finished", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_status"), "job", ["status"], unique=False)


def _append_only() -> None:
    """Masks are evidence: the database itself refuses to change or remove a revision."""
    refuse_changes("mask_revision", "mask revisions are never changed")


def downgrade() -> None:
    """Older programs refuse newer projects instead; a backup was made before."""
    raise NotImplementedError

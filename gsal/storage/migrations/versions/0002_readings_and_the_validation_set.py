"""Readings step by step, probabilities, the validation set; decisions that can be written twice."""

import sqlalchemy as sa
from alembic import op

from gsal.storage.triggers import refuse_changes, refuse_when_locked

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the review needs; no table is copied, so that a large project is upgraded at once."""
    _readings()
    _probabilities()
    _validation()
    _columns()
    _append_only()
    _locked()


def _readings() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("start_id", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("is_blank_start", sa.Boolean(), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_reading_image_id_image")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_reading_reader_id_reader")),
        sa.ForeignKeyConstraint(
            ["start_id"], ["mask_revision.id"], name=op.f("fk_reading_start_id_mask_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reading_uuid")),
    )
    op.create_index("ix_reading_image_reader_purpose", "reading", ["image_id", "reader_id", "purpose"])
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("pixels_added", sa.BigInteger(), nullable=False),
        sa.Column("pixels_removed", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("is_begin", sa.Boolean(), nullable=False),
        sa.Column("active_s", sa.Float(), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.Column("delta_sha256", sa.String(length=64), nullable=False),
        sa.Column("delta", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_step_reading_id_reading")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["mask_revision.id"], name=op.f("fk_step_proposal_id_mask_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("uuid", name=op.f("uq_step_uuid")),
    )
    op.create_index(op.f("ix_step_reading_id"), "step", ["reading_id"])


def _probabilities() -> None:
    op.create_table(
        "probability",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("levels", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["mask_revision.id"], name=op.f("fk_probability_revision_id_mask_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_probability")),
    )


def _validation() -> None:
    op.create_table(
        "validation_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n_wanted", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.Column("locked", sa.String(length=32), nullable=True),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["reader.id"], name=op.f("fk_validation_set_locked_by_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_set")),
    )
    op.create_table(
        "validation_member",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_validation_member_image_id_image")),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_validation_member")),
    )


def _columns() -> None:
    # Written out: both databases add a column with its reference in place, where Alembic would have
    # SQLite copy the whole table and lose its triggers.
    for table, column, other in (
        ("mask_revision", "reading_id", "reading"),
        ("mask_revision", "step_id", "step"),
        ("decision", "reading_id", "reading"),
    ):
        name = f"fk_{table}_{column}_{other}"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {other} (id)"
        )
    op.add_column("decision", sa.Column("uuid", sa.String(length=36), nullable=True))
    op.create_index("uq_decision_uuid", "decision", ["uuid"], unique=True)
    op.create_index("ix_decision_image_id", "decision", ["image_id"])
    op.add_column("project", sa.Column("review", sa.JSON(none_as_null=True), nullable=True))


def _append_only() -> None:
    """Readings, steps and decisions are evidence like masks: they are added, never changed or removed."""
    for table in ("reading", "step", "decision"):
        refuse_changes(table, f"{table}s are never changed")


def _locked() -> None:
    """A locked validation set keeps its pictures."""
    for table in ("validation_set", "validation_member"):
        refuse_when_locked(table)


def downgrade() -> None:
    """Older programs refuse newer projects instead; a backup was made before."""
    raise NotImplementedError

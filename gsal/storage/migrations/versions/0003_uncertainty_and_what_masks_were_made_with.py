"""How sure the network is of a picture; what a program's mask was made with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns in place: no table is copied, so its triggers stay and a large project is quick."""
    op.add_column("image", sa.Column("uncertainty", sa.Float(), nullable=True))
    op.create_index("ix_image_uncertainty_id", "image", ["uncertainty", "id"])
    op.add_column("mask_revision", sa.Column("settings", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Older programs refuse newer projects instead; a backup was made before."""
    raise NotImplementedError

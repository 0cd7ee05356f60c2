"""Two processes at one prediction, on a project that only the first can write, and on one that both can."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gsal.jobs.copy_project import copy_project
from gsal.jobs.predictions.plan import plan_variant
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, Variant
from tests.postgresql import Server, connect

REPOSITORY = Path(__file__).parents[2]
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
VARIANTS = (Variant.ORIGINAL, Variant.CROPPED)


def predict(folder: Path, *how: str) -> dict[str, Any]:
    """Run the terminal's command with a rule's masks, so that crops have to be looked for."""
    options = ("--model", "biased", "--mask-set", "rule", "--variant", str(Variant.CROPPED), "--json")
    ended = subprocess.run(
        [sys.executable, *how, "-m", "gsal", "predict", str(folder), *options],
        cwd=REPOSITORY,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def stored(folder: Path) -> dict[Variant, dict[int, npt.NDArray[np.float64]]]:
    with Project.open(folder, read_only=True) as project:
        model = project.store.models.get("biased")
        found = {}
        for variant in VARIANTS:
            plan = plan_variant(project, model, variant, JobContext(), mask_set=MaskSet.RULE)
            assert plan.waiting == ()
            rows = project.store.predictions.all(
                model.id, variant=variant, mask_set=plan.mask_set, bases=plan.bases
            )
            found[variant] = {image_id: row.logits for image_id, row in rows.items()}
        return found


def test_two_processes_store_what_one_does(finished: Path, tmp_path: Path) -> None:
    alone, together = (Path(shutil.copytree(finished, tmp_path / name)) for name in ("alone", "together"))
    first, second = predict(alone), predict(together, *TORCHRUN)
    ours, theirs = stored(alone), stored(together)
    for variant in VARIANTS:
        assert ours[variant].keys() == theirs[variant].keys()
        for image_id, logits in ours[variant].items():
            np.testing.assert_allclose(theirs[variant][image_id], logits, rtol=1e-5, atol=1e-6)
    assert len(ours[Variant.CROPPED]) > 2
    for name in ("pictures", "accuracy", "left_out"):
        assert first["models"][0][name] == second["models"][0][name]


_NOTE_WRITERS = """
    CREATE TABLE written_by (pid int);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO written_by VALUES (pg_backend_pid()); RETURN NULL; END';
    CREATE TRIGGER noted AFTER INSERT ON prediction FOR EACH ROW EXECUTE FUNCTION note();
"""


def test_on_a_server_each_process_writes_its_own(finished: Path, tmp_path: Path, postgresql: Server) -> None:
    with postgresql.database() as url:
        copy_project(finished, tmp_path / "served", JobContext(), server=url)
        with connect(url) as connection:
            connection.execute(_NOTE_WRITERS)
        predict(tmp_path / "served", *TORCHRUN)
        crops = stored(tmp_path / "served")[Variant.CROPPED]
        with connect(url) as connection:
            counts = connection.execute("SELECT count(*) FROM written_by GROUP BY pid ORDER BY 1").fetchall()
    half = len(crops) // 2
    assert [n for (n,) in counts] == [half, len(crops) - half]

"""The notebook runs as it ships, on the shipped samples."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "ten-questions.ipynb"


@pytest.fixture
def cells():
    return [cell for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the kernel and its client, not ours
def test_every_cell_of_the_notebook_runs(tmp_path, monkeypatch):
    # Configured where no one's own start-up files are.
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    shutil.copytree(ROOT / "data" / "samples", tmp_path / "data" / "samples")
    (tmp_path / "notebooks").mkdir()
    notebook = nbformat.read(NOTEBOOK, 4)
    resources = {"metadata": {"path": str(tmp_path / "notebooks")}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in cells)


def test_the_notebook_asks_ten_questions():
    headings = [
        cell.source.splitlines()[0]
        for cell in nbformat.read(NOTEBOOK, 4).cells
        if cell.source.startswith("## ")
    ]
    assert [heading.split(".")[0] for heading in headings] == [f"## {n}" for n in range(1, 11)]


def test_the_notebook_ships_with_what_its_cells_show(cells):
    assert all(cell.outputs for cell in cells)


def test_the_notebook_asks_in_sql_too(cells):
    assert sum("tables.sql(" in cell.source for cell in cells) == 10

"""The notebook of the tour: made from its source, with outputs that show verdicts and no error.

That the outputs are what running it gives today, `derivations/regenerate.py --check` finds out.
"""

import importlib.util
import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOUR = json.loads((ROOT / "docs" / "tour.ipynb").read_text(encoding="utf-8"))


def source():
    """Return the module that makes the notebook."""
    spec = importlib.util.spec_from_file_location("tour", ROOT / "derivations" / "tour.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shown(cell) -> str:
    """Return what a cell shows, as the richest form of it says."""
    texts = []
    for output in cell["outputs"]:
        assert output["output_type"] in ("execute_result", "stream"), output
        data = output.get("data", {"text/plain": output.get("text", [])})
        texts.append("".join(next(iter(data.values()))))
    return "".join(texts)


def test_it_holds_what_its_source_says():
    made = source().notebook()
    kept = [(cell["cell_type"], "".join(cell["source"])) for cell in TOUR["cells"]]
    assert kept == [(cell["cell_type"], cell["source"]) for cell in made["cells"]]


def test_every_cell_of_code_shows_something_and_none_an_error():
    codes = [cell for cell in TOUR["cells"] if cell["cell_type"] == "code"]
    assert len(codes) > 8
    assert all(shown(cell) for cell in codes)


def test_every_kind_of_result_can_be_read_at_a_glance():
    text = re.sub(r"<[^>]*>", "", "".join(shown(c) for c in TOUR["cells"] if "outputs" in c))
    for verdict in (
        r"\text{PROVED for this size and for every size}",
        "REFUTED at H=2, W=1",
        "PROVED for every size\n",
        "3 agree, 1 wrong, 0 not judged",
    ):
        assert verdict in text

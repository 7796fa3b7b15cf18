"""The batch: a report for every program, nobody's name in it, and on after a failure."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from report_data import ATTACK, NAME, PROGRAMS, die_of_south, write_data

from casekit.evaluate import UsageError
from casekit.reports import batch
from casekit.reports.batch import BatchResult, folder_names, write_reports
from casekit.reports.export import stored_document

AS_OF = "2026-02-03"


def run(data: Path, out: Path, **changes: object) -> BatchResult:
    settings = {"as_of": AS_OF, "out": out, "jobs": 2, "progress": False, **changes}
    return write_reports(data, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("caseload"))


@pytest.fixture(scope="module")
def reviewed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> BatchResult:
    return run(data, tmp_path_factory.mktemp("reviewed"))


@pytest.fixture(scope="module")
def own(data: Path, tmp_path_factory: pytest.TempPathFactory) -> BatchResult:
    return run(data, tmp_path_factory.mktemp("own"), audience="program", programs=["south"])


@pytest.fixture(scope="module")
def public(data: Path, tmp_path_factory: pytest.TempPathFactory) -> BatchResult:
    return run(data, tmp_path_factory.mktemp("public"), audience="public", programs=["south"])


def everything(folder: Path) -> str:
    return "\n".join(p.read_text("utf-8") for p in folder.rglob("*") if p.is_file())


def notebook(result: BatchResult, program: str) -> nbformat.NotebookNode:
    return nbformat.read(result.written[program].with_name("report.ipynb"), as_version=4)


# What is written


def test_every_program_has_a_page_and_a_notebook(reviewed: BatchResult) -> None:
    assert not reviewed.failed
    assert sorted(reviewed.written) == ["../north", "empty", "south"]
    assert all(
        p.is_file() and p.with_name("report.ipynb").is_file() for p in reviewed.written.values()
    )


def test_nothing_is_written_outside_the_folder_asked_for(reviewed: BatchResult) -> None:
    out = reviewed.index.parent
    assert all(path.resolve().parent.parent == out.resolve() for path in reviewed.written.values())


def test_no_half_file_is_left(reviewed: BatchResult) -> None:
    names = {path.name for path in reviewed.index.parent.rglob("*") if path.is_file()}
    assert names == {"index.html", "report.html", "report.ipynb"}


def test_the_index_links_to_each_report(reviewed: BatchResult) -> None:
    links = re.findall(r'<a href="([^"#]+)">', reviewed.index.read_text("utf-8"))
    targets = {(reviewed.index.parent / link).resolve() for link in links}
    assert targets == {path.resolve() for path in reviewed.written.values()}


def test_the_stored_document_says_what_the_page_says(reviewed: BatchResult) -> None:
    document = stored_document(notebook(reviewed, "south"))
    page = reviewed.written["south"].read_text("utf-8")
    headings = [b.text for b in document.blocks if type(b).__name__ == "Heading"]
    assert headings == re.findall(r"<h[23](?: id=[^>]*)?>([^<]*)</h[23]>", _without_figures(page))


def _without_figures(page: str) -> str:
    return re.sub(r"<figure>.*?</figure>", "", page, flags=re.DOTALL)


def test_the_same_data_give_the_same_files(
    data: Path, reviewed: BatchResult, tmp_path: Path
) -> None:
    again = run(data, tmp_path, jobs=1)
    assert everything(tmp_path) == everything(reviewed.index.parent)
    assert again.written.keys() == reviewed.written.keys()


# What is safe


def test_a_program_named_as_a_script_is_shown_as_text(reviewed: BatchResult) -> None:
    text = everything(reviewed.index.parent)
    assert "&lt;script&gt;alert(1)" in text
    pages = [path.read_text("utf-8") for path in reviewed.index.parent.rglob("*.html")]
    assert not any(ATTACK in page for page in pages)


def test_a_reviewer_sees_no_name_and_no_id_of_a_student(reviewed: BatchResult) -> None:
    assert re.findall(rf"{NAME}|-stu-\d+|stranger", everything(reviewed.index.parent)) == []


def test_a_reviewer_sees_no_case_manager_by_name(reviewed: BatchResult) -> None:
    assert re.findall(r"Edna Voss|Abel Frost|w-[78]", everything(reviewed.index.parent)) == []


def test_the_program_itself_sees_whom_it_concerns(own: BatchResult) -> None:
    page = own.written["south"].read_text("utf-8")
    assert f"{NAME} 0" in page  # the student who was never contacted
    assert "Abel Frost" in page  # the case manager
    assert "=1+1 &lt;b&gt;binder&lt;/b&gt;" in page  # the evidence, as text


def test_a_program_sees_nobody_of_another_program(own: BatchResult) -> None:
    assert re.findall(r"w-7|Edna Voss", everything(own.index.parent)) == []


def test_the_public_sees_no_small_number(reviewed: BatchResult, public: BatchResult) -> None:
    # One student of twelve was never contacted in four weeks: "44 of 48" would tell of that one.
    pages = [result.written["south"].read_text("utf-8") for result in (reviewed, public)]
    assert ["44 of 48" in page for page in pages] == [True, False]


def test_a_notebook_keeps_no_path_and_no_time_of_the_run(reviewed: BatchResult, data: Path) -> None:
    text = reviewed.written["south"].with_name("report.ipynb").read_text("utf-8")
    assert str(data.parent) not in text
    assert "start_time" not in text


# What is refused, and what goes on


def test_a_program_of_an_unknown_standard_fails_alone(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    (data / "programs.csv").write_text(
        PROGRAMS.replace("south,South,sa_flo", "south,South,sa_flow")
    )
    result = run(data, tmp_path / "out")
    assert sorted(result.written) == ["../north", "empty"]
    assert "sa_flow" in result.failed["south"]
    assert "sa_flow" in result.index.read_text("utf-8")


def test_a_report_that_cannot_be_put_in_place_fails_alone(data: Path, tmp_path: Path) -> None:
    (tmp_path / "south").write_text("a file stands where the folder has to be")
    result = run(data, tmp_path)
    assert sorted(result.written) == ["../north", "empty"]
    assert "could not be written" in result.failed["south"]


def test_a_worker_that_dies_takes_no_other_report_with_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "write_report", die_of_south)
    assert list(run(data, tmp_path).failed) == ["south"]


def test_a_format_that_is_not_offered_is_refused_by_name(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'pdf' is not offered; allowed: html"):
        run(data, tmp_path, formats=("html", "pdf"))


def test_an_audience_that_is_not_known_is_refused_by_name(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'press' is not known; allowed: program,"):
        run(data, tmp_path, audience="press")


def test_where_no_program_can_be_evaluated_the_request_is_at_fault(
    data: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="there is no program 'nort'"):
        run(data, tmp_path, programs=["nort"])


# Folder names


@pytest.mark.parametrize("program", ["OD-01", "north_2", "2026.a"])
def test_a_safe_id_is_its_own_folder(program: str) -> None:
    assert folder_names([program]) == {program: program}


@pytest.mark.parametrize(
    "program",
    ["../x", "..", ".hidden", "a/b", "a\\b", "CON", "nul.txt", "", "x" * 300, "Ä", "a.",
     "index.html", "a b", "\x00", "-rf", "C:"],
)  # fmt: skip
def test_any_other_id_is_a_slug_with_a_hash(program: str) -> None:
    assert re.fullmatch(
        r"[A-Za-z0-9][A-Za-z0-9-]{0,39}-[0-9a-f]{8}", folder_names([program])[program]
    )


@pytest.mark.parametrize("programs", [["a", "A"], ["a/b", "a\\b"], ["Ä", "ä"], ["", " "]])
def test_no_two_programs_share_a_folder_in_any_case(programs: list[str]) -> None:
    assert len({name.lower() for name in folder_names(programs).values()}) == len(programs)


def test_an_id_made_to_look_like_a_slug_gets_a_folder_of_its_own() -> None:
    slug = folder_names(["a/b"])["a/b"]
    assert len(set(folder_names(["a/b", slug]).values())) == 2


# The engine


def in_a_process_of_its_own(code: str) -> str:
    """IPython makes a shell the process's own, so an engine is tried in one to spare."""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return told.stdout.strip()


RUN = """
import nbformat
from papermill import execute_notebook
from casekit.reports.engine import register

def run(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python"}
    return execute_notebook(notebook, None, engine_name=register(), progress_bar=False)
"""


def test_a_notebook_does_not_see_the_variables_of_the_one_before() -> None:
    code = (
        "run('secret = 1')\nprint(run('print(\"secret\" in globals())').cells[0].outputs[0].text)"
    )
    assert in_a_process_of_its_own(RUN + code) == "False"


def test_a_cell_shows_what_it_prints_displays_and_ends_on() -> None:
    code = (
        "outputs = run('print(1)\\ndisplay(2)\\n3').cells[0].outputs\n"
        "print([o.get('text') or o['data']['text/plain'] for o in outputs])"
    )
    assert in_a_process_of_its_own(RUN + code) == r"['1\n', '2', '3']"


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        # Our own error is written to be shown.
        ("from casekit.catalog import load; load('sa_flow')", "there is no standard 'sa_flow'"),
        # The message of any other may quote the data, so it is not shown.
        ("{}['Ottoline Quill']", "casekit itself failed (KeyError)"),
    ],
)
def test_why_a_cell_failed_is_told_in_one_line(failing: str, told: str) -> None:
    code = f"""
from papermill.exceptions import PapermillExecutionError
try:
    run({failing!r})
except PapermillExecutionError as error:
    print(error.evalue)
"""
    line = in_a_process_of_its_own(RUN + code)
    assert told in line
    assert len(line.splitlines()) == 1 and NAME not in line

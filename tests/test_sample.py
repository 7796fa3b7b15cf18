"""The sample: what was planted is found, nothing else is, and the same seed is the same sample."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from casekit.catalog import load, shipped_standards
from casekit.evaluate import UsageError
from casekit.findings import Evaluation, evaluate_programs
from casekit.readers import read
from casekit.shipped import shipped
from casekit.synth import make_sample, write_sample

SHIPPED = shipped("data", "sample")
STANDARDS = shipped_standards()
KEY = ["requirement_id", "program_id", "subject_id", "period_start", "status"]
ASKED = [
    requirement
    for standard in STANDARDS
    for requirement in load(standard).requirements.values()
    if not requirement.attested
]
COMPUTED = {requirement.id for requirement in ASKED}
# The school year still runs on the sample's last day: what it asks is met or due, never missed.
STILL_DUE = {r.id for r in ASKED if r.settings.get("period") == "school_year"}


@cache
def evaluated(folder: Path) -> Evaluation:
    about = tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    return evaluate_programs(read(folder), as_of=about["as_of"], since=about["since"])


def found(folder: Path) -> set[tuple[str, ...]]:
    """Every not_met and cannot_tell of a computed requirement, as the key names them."""
    rows = evaluated(folder).verdicts
    rows = rows[rows["requirement_id"].isin(COMPUTED)]
    rows = rows[rows["status"].isin(["not_met", "cannot_tell"])]
    days = rows["period_start"].dt.strftime("%Y-%m-%d")
    return set(rows.assign(period_start=days)[KEY].astype(str).itertuples(index=False, name=None))


def key_of(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "answer_key.csv", dtype="str")


def planted(folder: Path) -> set[tuple[str, ...]]:
    return set(key_of(folder)[KEY].itertuples(index=False, name=None))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_verdicts_on_the_shipped_sample_are_the_answer_key_and_nothing_else() -> None:
    assert found(SHIPPED) == planted(SHIPPED)


def test_every_computed_requirement_whose_time_is_over_has_a_planted_breach() -> None:
    key = key_of(SHIPPED)
    assert set(key.loc[key["status"] == "not_met", "requirement_id"]) == COMPUTED - STILL_DUE


def test_what_the_running_school_year_asks_is_partly_done_and_partly_due() -> None:
    rows = evaluated(SHIPPED).verdicts
    rows = rows[rows["requirement_id"].isin(STILL_DUE)]
    assert {"met", "due"} <= set(rows["status"])


def test_each_standard_has_two_programs_or_more() -> None:
    programs = pd.read_csv(SHIPPED / "programs.csv")["standard_ids"].value_counts()
    assert set(programs.index) == set(STANDARDS) and programs.min() == 2


@pytest.mark.parametrize("programs", [1, 3, 4])
def test_few_programs_are_held_to_as_many_standards(programs: int) -> None:
    tables, _ = make_sample(seed=1, programs=programs, students=5, weeks=8)
    assert tables["programs"]["standard_ids"].nunique() == programs


def test_the_key_names_verdicts_that_cannot_be_told_too() -> None:
    assert (key_of(SHIPPED)["status"] == "cannot_tell").sum() >= 5


def test_every_row_of_the_key_says_why() -> None:
    assert key_of(SHIPPED)["why"].notna().all()


def test_the_shipped_sample_reads_without_a_problem() -> None:
    assert evaluated(SHIPPED).caseload.problems.empty


def test_the_shipped_sample_is_what_its_seed_makes_byte_for_byte(tmp_path: Path) -> None:
    about = tomllib.loads((SHIPPED / "sample.toml").read_text(encoding="utf-8"))
    write_sample(tmp_path, seed=about["seed"])
    assert bytes_of(tmp_path) == bytes_of(SHIPPED)


def test_the_last_program_of_each_standard_meets_everything() -> None:
    findings = evaluated(SHIPPED).findings
    worst = findings.groupby("program_id")["status"].agg(
        lambda statuses: bool(set(statuses) & {"not_met", "cannot_tell"})
    )
    assert worst.index[~worst].tolist() == ["P-08", "P-09", "P-10", "P-11", "P-12"]


def test_the_data_speak_against_one_attested_yes_of_each_standard() -> None:
    findings = evaluated(SHIPPED).findings
    against = findings[(findings["attested"] == "yes") & (findings["status"] == "not_met")]
    assert sorted(against["standard_id"]) == sorted(STANDARDS)


def test_the_shipped_sample_has_every_status() -> None:
    assert evaluated(SHIPPED).verdicts["status"].value_counts().min() > 0


@pytest.mark.parametrize(
    ("table", "name"),
    [("students", "student_name"), ("staff", "staff_name"), ("programs", "program_name")],
)
def test_every_name_says_that_it_is_made_up(table: str, name: str) -> None:
    assert evaluated(SHIPPED).caseload.tables[table][name].str.startswith("Sample ").all()


@pytest.mark.parametrize(
    ("seed", "size"),
    [
        (1, {"programs": 3, "students": 30}),  # each once: no program stays clean
        (2, {"programs": 5, "students": 40, "weeks": 26}),  # from December on: no year begins
        (3, {"programs": 5, "students": 60, "weeks": 52}),  # from June on, before most years
        (4, {"programs": 5, "students": 5, "weeks": 8}),  # the smallest of all: no quarter begins
        (5, {"programs": 1, "students": 12}),  # Open Doors alone
    ],
)
def test_the_key_holds_for_other_seeds_and_sizes(
    seed: int, size: dict[str, int], tmp_path: Path
) -> None:
    write_sample(tmp_path, seed=seed, **size)
    assert found(tmp_path) == planted(tmp_path) != set()


def test_without_breaches_nothing_is_missed(tmp_path: Path) -> None:
    write_sample(tmp_path, seed=6, programs=5, students=40, breaches=False)
    assert found(tmp_path) == set()


def test_a_sample_without_breaches_has_no_key_even_where_one_lay(tmp_path: Path) -> None:
    write_sample(tmp_path, seed=7, programs=1, students=5, weeks=8)
    write_sample(tmp_path, seed=7, programs=1, students=5, weeks=8, breaches=False)
    assert not (tmp_path / "answer_key.csv").exists()


def test_another_seed_is_another_sample() -> None:
    one, other = (make_sample(seed=seed, programs=1, students=5, weeks=8)[0] for seed in (1, 2))
    assert not one["contacts"].equals(other["contacts"])


@pytest.mark.parametrize("size", [{"programs": 0}, {"students": 4}, {"weeks": 7}, {"weeks": 53}])
def test_a_size_that_cannot_be_made_is_named_with_what_can(size: dict[str, int]) -> None:
    name, number = next(iter(size.items()))
    with pytest.raises(UsageError, match=rf"{name} is {number}: a sample has \d+ to \d+"):
        make_sample(seed=1, **size)

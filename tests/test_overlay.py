"""Overlays fill and add; a caseload written is a caseload read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_text import MANAGED, PROGRAMS, STAFF, STUDENTS, folder, told

from casekit.caseload import Caseload
from casekit.readers import assemble, raw_tables, read
from casekit.readers.delimited import read_delimited
from casekit.readers.native import write_folder
from casekit.tables import TABLES

# Overlays


def overlaid(tmp_path: Path, base: dict[str, str], over: dict[str, str]) -> Caseload:
    tables = {"programs": PROGRAMS, "students": STUDENTS, **base}
    return read(folder(tmp_path / "base", **tables), overlay=folder(tmp_path / "over", **over))


def test_an_overlay_fills_empty_cells_and_never_a_filled_one(tmp_path):
    base = {
        "staff": "staff_id,program_id,start_date,fte,role\nw1,p1,2025-09-01,,tutor\n",
    }
    over = {"staff": "staff_id,program_id,start_date,fte,role\nw1,p1,2025-09-01,0.5,clerk\n"}
    row = overlaid(tmp_path, base, over).staff.iloc[0]
    assert (row["fte"], row["role"]) == (0.5, "tutor")


def test_an_overlay_row_with_another_key_is_added(tmp_path):
    over = {"students": "student_id,program_id,enrollment_start\ns3,p1,2025-10-01\n"}
    assert list(overlaid(tmp_path, {}, over).students["student_id"]) == ["s1", "s2", "s3"]


def test_an_overlay_without_start_date_fills_every_row_of_the_staff_member(tmp_path):
    base = {"staff": STAFF + "w1,p1,2026-01-01\n"}
    over = {"staff": "staff_id,case_management_share\nw1,0.25\n"}
    shares = overlaid(tmp_path, base, over).staff["case_management_share"]
    assert shares.fillna(-1).tolist() == [0.25, -1, 0.25]


def test_an_overlay_that_matches_nobody_is_a_row_that_lacks_its_key(tmp_path):
    over = {"staff": "staff_id,case_management_share\nw9,0.25\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "file", "row", "column") == [
        ("staff.csv", 2, "program_id"),
        ("staff.csv", 2, "start_date"),
    ]


def test_overlay_rows_of_a_table_without_a_key_are_added(tmp_path):
    events = "event_type,occurred_at,student_id\niep_meeting,2026-03-02,s1\n"
    caseload = overlaid(tmp_path, {"events": events}, {"events": events})
    assert len(caseload.events) == 2


def test_an_overlay_may_bring_a_whole_table(tmp_path):
    caseload = overlaid(tmp_path, {}, {"contacts": "student_id,occurred_at\ns1,2026-03-02\n"})
    assert len(caseload.contacts) == 1


def test_an_overlay_moment_keeps_its_time_and_offset(tmp_path):
    base = {"referrals": "referral_id,student_id,program_id,received_at\nr1,s1,p1,\n"}
    over = {"referrals": "referral_id,received_at\nr1,2026-03-02T14:05+10:30\n"}
    row = overlaid(tmp_path, base, over).referrals.iloc[0]
    assert (row["received_at.timed"], row["received_at.offset"]) == (True, 630)


def test_a_problem_in_a_filled_cell_names_the_file_it_came_from(make_caseload):
    base = {"programs": PROGRAMS, "students": STUDENTS + "\n"}
    over = "student_id,enrollment_end\ns9,\ns2,2024-01-01\n"
    caseload = assemble(
        [read_delimited(n, f"{n}.csv", t.encode()) for n, t in base.items()],
        overlay=[read_delimited("students", "over/students.csv", over.encode())],
    )
    assert ("over/students.csv", 3, "enrollment_end") in told(caseload, "file", "row", "column")


def test_a_bad_overlay_row_fills_nothing_and_costs_only_itself(tmp_path):
    over = {"staff": "staff_id,case_management_share,role\nw1,7,clerk\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "column", "value") == [("case_management_share", "7")]
    assert caseload.staff["role"].isna().tolist() == [True, True]


def test_two_overlay_rows_for_one_key_are_a_problem(tmp_path):
    over = {"staff": "staff_id,role\nw1,clerk\nw1,tutor\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "row", "column", "set_aside") == [(3, "staff_id", True)]
    assert caseload.staff["role"].fillna("").tolist() == ["clerk", ""]


# Writing back


def same(one: Caseload, other: Caseload) -> None:
    """Fail unless the two hold the same rows, whatever files they came from."""
    assert one.given == other.given
    for name in TABLES:
        left, right = (c.tables[name].drop(columns=["row", "file"]) for c in (one, other))
        pd.testing.assert_frame_equal(left, right)


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\r\t;,\"'=#"),
    max_size=12,
).map(str.strip)
days = st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2100-01-01").date()).map(str)
stamps = st.builds(
    lambda day, clock, zone: f"{day}{clock}{zone}" if clock else day,
    days,
    st.sampled_from(["", "T00:00", "T23:59:59", " 09:05"]),
    st.sampled_from(["", "Z", "+10:30", "-03:30"]),
)
rows = st.fixed_dictionaries(
    {
        "student_id": st.sampled_from(["s1", "007"]),
        "occurred_at": stamps,
        "mode": st.sampled_from(["", "phone", "In Person"]),
        "topics": st.sampled_from(["", "other", "assessment; other"]),
        "duration_minutes": st.floats(0, 1440).map(repr) | st.just(""),
        "has_notes": st.sampled_from(["", "yes", "0"]),
    }
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(rows, max_size=6),
    st.tuples(words, words).filter(lambda pair: not any(w.startswith("#") for w in pair)),
)
def test_what_is_written_reads_back_as_the_same_caseload(tmp_path_factory, made, names):
    place = tmp_path_factory.mktemp("caseload")
    start = place / "start"
    folder(start, programs=PROGRAMS)
    pd.DataFrame(
        {
            "student_id": ["s1", "007"],
            "program_id": "p1",
            "enrollment_start": "2025-09-01",
            "student_name": names,
        }
    ).to_csv(start / "students.csv", index=False, lineterminator="\r\n")
    columns = ["student_id", "occurred_at", "mode", "topics", "duration_minutes", "has_notes"]
    pd.DataFrame(made, columns=columns).to_csv(start / "contacts.csv", index=False)
    caseload = read(start)
    write_folder(caseload, place / "out")
    assert caseload.problems.empty
    same(caseload, read(place / "out"))


def test_a_shorthand_written_out_does_not_double_the_assignment(make_caseload, tmp_path):
    caseload = make_caseload(students=MANAGED, staff=STAFF)
    write_folder(caseload, tmp_path / "out")
    same(caseload, read(tmp_path / "out"))


def test_only_given_tables_and_columns_are_written(make_caseload, tmp_path):
    write_folder(make_caseload(students=STUDENTS), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["programs.csv", "students.csv"]
    assert (tmp_path / "students.csv").read_text(encoding="utf-8") == STUDENTS


def test_sources_are_the_hash_of_each_file(tmp_path):
    _, sources = raw_tables(folder(tmp_path, programs=PROGRAMS, students=STUDENTS))
    assert set(sources) == {"programs.csv", "students.csv"}
    assert all(len(digest) == 64 for digest in sources.values())

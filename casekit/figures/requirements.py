"""The figure of every requirement by program."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.axes import status_colour
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.grid import INDENT, ROW, columns, grid, rows
from casekit.figures.theme import LIGHT, STATUS, WIDTH
from casekit.phrases import count, listing, percent, quoted

# With more programs than this the columns would be too narrow: counts per requirement instead.
MOST_COLUMNS = 12


def requirements_by_program(
    findings: pd.DataFrame, titles: dict[str, str], names: dict[str, str]
) -> Figure:
    """Every requirement's status in every program.

    `findings` has the contract's columns, a row per requirement and program. Up to MOST_COLUMNS
    programs have a column each; more are counted by status, a bar per requirement. `titles` names
    the requirements, `names` the programs.
    """
    key, title = "requirements", "Requirements by program"
    if findings.empty:
        sentence = (
            "There is no finding to show. A program needs a standard: name one in the programs "
            "table, or with --standard."
        )
        caption = "Status of each requirement"
        return nothing(key, title, sentence, ["Requirement"], caption)
    marks = _labelled(findings, titles, names)
    programs = list(dict.fromkeys(marks["program"]))
    sentence = _requirements_sentence(marks, len(programs))
    if len(programs) <= MOST_COLUMNS:
        chart, table = _status_grid(marks, programs), _status_table(marks, programs)
        caption = "Status of each requirement in each program"
    else:
        chart, table = _status_bars(marks), _count_table(marks)
        caption = f"Programs by status of each requirement, {len(programs)} programs"
    return Figure(key, title, sentence, drawn(chart, sentence), table, caption)


def _labelled(
    findings: pd.DataFrame, titles: dict[str, str], names: dict[str, str]
) -> pd.DataFrame:
    """Rows with program (its name, and its id where two share a name), row, title, status."""
    ids = findings["program_id"].astype(str)
    requirement = findings["requirement_id"].astype(str)
    own = {i: names.get(i, i) for i in dict.fromkeys(ids)}
    shared = {name for name in own.values() if list(own.values()).count(name) > 1}
    place = {r: f"{n:04}" for n, r in enumerate(dict.fromkeys(requirement))}
    title = requirement.map(lambda r: titles.get(r, r))
    return pd.DataFrame(
        {
            "program": ids.map(lambda i: f"{own[i]} ({i})" if own[i] in shared else own[i]),
            "requirement": requirement,
            "row": requirement.map(place) + INDENT + title,
            "title": title,
            "status": findings["status"].astype(str),
        }
    )


def _requirements_sentence(marks: pd.DataFrame, programs: int) -> str:
    requirements = marks["requirement"].nunique()
    number = marks["status"].value_counts()
    words = {s: status.word for s, status in STATUS.items()} | {"cannot_tell": "cannot be told"}
    parts = [f"{number[s]:,} {words[s]}" for s in words if s in number]
    what = f"{count(requirements, 'requirement')} in {count(programs, 'program')}"
    said = f"{what}: {listing(parts, len(parts))}."
    missed = marks[marks["status"] == "not_met"]
    if missed.empty:
        return said
    times = missed["row"].value_counts().sort_index()
    worst = [row[5:] for row in times.index[times == times.max()]]
    if programs > 1:
        said += (
            f" Most often not met: {quoted(worst)}, {'each ' if len(worst) > 1 else ''}in "
            f"{times.max():,} of {count(programs, 'program')}."
        )
    else:
        said += f" Not met: {quoted(list(missed['title']))}."
    return said


def _status_grid(marks: pd.DataFrame, programs: list[str]) -> alt.TopLevelMixin:
    label = {s: status.label for s, status in STATUS.items()}
    cells = pd.DataFrame(
        {
            "program": marks["program"],
            "row": marks["row"],
            "status": marks["status"].map(label),
            "glyph": marks["status"].map(lambda s: STATUS[s].glyph),
        }
    )
    narrow = len(programs) > 4
    step = 120 if len(programs) <= 3 else 90 if not narrow else 34
    x = columns("program", programs, angle=-45 if narrow else 0)
    colour = status_colour("status", cells["status"])
    return grid(cells, x, colour).properties(width=step * len(programs), height=alt.Step(ROW))


def _status_table(marks: pd.DataFrame, programs: list[str]) -> pd.DataFrame:
    wide = marks.pivot(index="row", columns="program", values="status")[programs]
    wide = wide.apply(lambda column: column.map(lambda s: STATUS[s].label, na_action="ignore"))
    wide = wide.fillna("").rename_axis(columns=None)
    wide.insert(0, "Requirement", wide.index.str[5:], allow_duplicates=True)
    return wide.reset_index(drop=True)


def _counts(marks: pd.DataFrame) -> pd.DataFrame:
    """Programs per requirement (row) and status (column), every status in order."""
    counts = pd.crosstab(marks["row"], marks["status"])
    return counts.reindex(columns=list(STATUS), fill_value=0)


def _count_table(marks: pd.DataFrame) -> pd.DataFrame:
    counts = _counts(marks).rename(columns={s: STATUS[s].label for s in STATUS})
    counts.insert(0, "Requirement", counts.index.str[5:])
    judged = counts[STATUS["met"].label] + counts[STATUS["not_met"].label]
    counts["Share met"] = [
        percent(met, of) for met, of in zip(counts[STATUS["met"].label], judged, strict=True)
    ]
    return counts.rename_axis(columns=None).reset_index(drop=True)


def _status_bars(marks: pd.DataFrame) -> alt.TopLevelMixin:
    """A bar per requirement, its parts the programs by status; a part with room says its number."""
    counts = _counts(marks)
    after = counts.cumsum(axis=1)
    parts = (
        pd.DataFrame({"low": (after - counts).stack(), "high": after.stack()})
        .rename_axis(["row", "status"])
        .reset_index()
    )
    parts = parts[parts["high"] > parts["low"]]
    status = parts["status"].map(STATUS)
    number = parts["high"] - parts["low"]
    parts["status"] = status.map(lambda s: s.label)
    most = after.iloc[:, -1].max()
    texts = pd.DataFrame(
        {
            "row": parts["row"],
            "low": (parts["low"] + parts["high"]) / 2,
            "said": status.map(lambda s: s.glyph) + " " + number.map("{:,}".format),
        }
    )[number / most > 0.09]
    width = WIDTH - 220
    x = alt.X("low:Q", title="Programs", scale=alt.Scale(domain=[0, int(most)], nice=False))
    bars = alt.Chart(parts).mark_rect(stroke=LIGHT["surface"])
    colour = status_colour("status", parts["status"])
    return alt.layer(
        bars.encode(x=x, x2="high:Q", y=rows("row"), color=colour),
        alt.Chart(texts)
        .mark_text(color=LIGHT["surface"], fontWeight="bold")
        .encode(x=x, y=rows("row"), text="said:N"),
    ).properties(width=width, height=alt.Step(ROW))

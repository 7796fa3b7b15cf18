"""Writing over a file that is there: its permissions stay, and a link stays a link."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from casekit.files import write_text


def test_a_private_file_stays_private(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("old")
    file.chmod(0o600)
    write_text(file, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared.csv", tmp_path / "mine.csv"
    shared.write_text("old")
    link.symlink_to(shared)
    write_text(link, "new")
    assert link.is_symlink() and shared.read_text() == "new"


def test_a_file_that_may_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("old")
    monkeypatch.setattr("casekit.files.os.access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_text(file, "new")
    assert file.read_text() == "old"

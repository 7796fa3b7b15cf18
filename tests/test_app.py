"""`casekit app`: who may ask it for what, what it says, and that it leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from served import app, descendants, until

pytest.importorskip("voila", reason="voila is not installed")

from casekit.app.pages import first_words, read_pages
from casekit.evaluate import UsageError

pytestmark = pytest.mark.xdist_group("app")

NO_KERNEL = "00000000-0000-0000-0000-000000000000"


def notebook(path: Path, *code: str, title: str = "One") -> Path:
    """A notebook that needs no more than a kernel."""
    told = new_markdown_cell(f"# {title}\n\nFor a **trainer**.")
    cells = [told, *map(new_code_cell, code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    notebook(folder / "one.ipynb", "print('of the kernel', 40 + 2)")
    notebook(folder / "not_served.ipynb")
    (folder / "attestations.csv").write_text("program_id,answer\np1,yes\n")
    (folder / "photo.png").write_bytes(b"of a child")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with app(folder / "one.ipynb") as address:
        yield address


class Asked:
    """A program that asks the server, as a browser or as anybody else on the computer."""

    def __init__(self, address: str) -> None:
        self.place = urlsplit(address)
        self.token = self.place.query
        self.cookies: dict[str, str] = {}

    def __call__(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            method, path, headers={**named, **({"Cookie": cookie} if cookie else {})}
        )
        answer = connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()


@pytest.fixture
def stranger(address: str) -> Asked:
    return Asked(address)


@pytest.fixture
def visitor(address: str) -> Asked:
    """Who has opened the address that was printed."""
    visitor = Asked(address)
    assert visitor(f"/?{visitor.token}")[0] == 302  # the token leaves the address bar
    return visitor


SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/", "GET", {}),
        ("/one", "GET", {}),
        ("/anything", "GET", {}),
        ("/attestations.csv", "GET", {}),
        ("/voila/files/photo.png", "GET", {}),
        (f"/alive/{NO_KERNEL}", "GET", {}),
        (f"/api/kernels/{NO_KERNEL}", "GET", {}),
        (f"/api/kernels/{NO_KERNEL}", "DELETE", {}),
        (f"/api/kernels/{NO_KERNEL}/channels", "GET", SOCKET),
        (f"/voila/api/shutdown/{NO_KERNEL}", "POST", {}),
        ("/?token=guessed", "GET", {}),
    ],
)
def test_without_the_token_all_is_refused(
    stranger: Asked, path: str, method: str, headers: dict[str, str]
) -> None:
    assert stranger(path, method, **headers)[0] == 403


def test_who_is_refused_is_told_what_to_do_and_not_what_there_is(stranger: Asked) -> None:
    told = stranger("/")[1]
    assert ("casekit app printed" in told, "One" in told) == (True, False)


@pytest.mark.parametrize(
    "path",
    [
        *("/attestations.csv", "/photo.png", "/one.ipynb", "/not_served", "/files/one.ipynb"),
        *("/voila/files/photo.png", "/voila/files/one.ipynb", "/voila/tree", "/voila/render/one"),
        *("/api/contents", "/voila/api/contents/", "/api/kernels", "/..%2fphoto.png", "/login"),
    ],
)
def test_nothing_of_the_folder_is_served_but_the_pages(visitor: Asked, path: str) -> None:
    status, told = visitor(path)
    assert (status, "There is no such page" in told) == (404, True)


def test_another_name_for_this_computer_is_refused(visitor: Asked) -> None:
    # A page of the web may give its own name this computer's address, and ask by it.
    known = f"token {visitor.token.removeprefix('token=')}"
    assert visitor("/", Host="evil.example", Authorization=known)[0] == 403


def test_it_listens_on_this_computer_only(address: str) -> None:
    port = urlsplit(address).port
    places = {c.laddr.ip for c in psutil.net_connections("tcp") if c.laddr.port == port}
    assert places == {"127.0.0.1"}


def test_the_list_names_each_page_and_whom_it_is_for(visitor: Asked) -> None:
    told = visitor("/")[1]
    assert ('<a href="/one">One</a>' in told, "For a trainer." in told) == (True, True)


def test_a_page_shows_what_its_kernel_made_and_no_code(visitor: Asked) -> None:
    told = visitor("/one")[1]
    assert ("of the kernel 42" in told, "40 + 2" in told) == (True, False)


def test_a_page_may_load_nothing_from_elsewhere(address: str, visitor: Asked) -> None:
    connection = http.client.HTTPConnection(visitor.place.hostname, visitor.place.port, timeout=9)
    connection.request("GET", f"/?{visitor.token}")
    policy = connection.getresponse().headers["Content-Security-Policy"]
    assert ("default-src 'self'" in policy, "http" in policy) == (True, False)


@pytest.mark.parametrize(
    "code",
    ["raise ValueError('of a child')", "import os; os._exit(1)"],
    ids=["it raises", "its kernel dies"],
)
def test_a_notebook_that_fails_is_said_without_a_traceback(tmp_path: Path, code: str) -> None:
    with app(notebook(tmp_path / "bad.ipynb", code)) as address:
        visitor = Asked(address)
        visitor(f"/?{visitor.token}")
        told = visitor("/bad")[1]
    assert ("This page could not be made" in told, "of a child" in told) == (True, False)
    assert "Traceback" not in told


def test_titles_and_words_are_text(tmp_path: Path) -> None:
    with app(notebook(tmp_path / "one.ipynb", title="<b>One</b>"), cold=True) as address:
        visitor = Asked(address)
        visitor(f"/?{visitor.token}")
        told = visitor("/")[1]
    assert ("&lt;b&gt;One&lt;/b&gt;" in told, "<b>One" in told) == (True, False)


def test_what_it_ends_with_ctrl_c_leaves_no_kernel(folder: Path) -> None:
    with app(folder / "one.ipynb") as address:
        port = urlsplit(address).port
        server = next(c.pid for c in psutil.net_connections("tcp") if c.laddr.port == port)
        started = until(lambda: descendants(server))
    # One that was just being started sees within a second that its server is gone.
    assert until(lambda: not [process for process in started if process.is_running()])


def said(*words: object, **settings: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "casekit", "app", "--no-browser", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        **settings,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_port_in_use_is_said_in_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, err = said("--allow-root", "--port", port, folder / "one.ipynb")
    assert (status, out) == (2, "")
    assert err == f"casekit: port {port}: Address already in use; choose another one with --port\n"


def test_without_voila_what_to_install_is_said(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['voila'] = None; sys.argv[0] = 'casekit';"
    code = hidden + "from casekit.cli import main; sys.exit(main(['app', '--no-browser']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    told = 'casekit: Voila is not installed: pip install "casekit[notebooks]"\n'
    assert (done.returncode, done.stderr) == (2, told)


def test_it_says_one_line_and_nothing_else(folder: Path) -> None:
    words = [sys.executable, "-m", "casekit", "app", "--no-browser", "--allow-root"]
    running = subprocess.Popen(
        [*words, str(folder / "one.ipynb")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    line = running.stdout.readline()
    until(lambda: descendants(running.pid))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, "http" in line, out, err) == (0, True, "", "")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only for root")
def test_root_has_to_say_so(folder: Path) -> None:
    status, _, err = said(folder / "one.ipynb")
    assert (status, "--allow-root" in err) == (2, True)


def test_a_file_that_is_no_notebook_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.ipynb").write_text("not a notebook")
    with pytest.raises(UsageError, match=r"notes\.ipynb: this is not a notebook"):
        read_pages([tmp_path / "notes.ipynb"])


def test_two_notebooks_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    two = [notebook(tmp_path / "one.ipynb"), notebook(tmp_path / "other" / "one.ipynb")]
    with pytest.raises(UsageError, match=r"two notebooks are called one\.ipynb"):
        read_pages(two)


def test_a_page_is_told_by_the_first_words_of_its_notebook() -> None:
    words = "# Caseload\n\nFor a **director**:\nload a `roster`.\n\nRun all."
    assert first_words(words) == ("Caseload", "For a director: load a roster.")

"""The server: Voila's, with an index, our pages, and nothing else of the folder they lie in.

It listens on this computer only. Whoever asks for a page, a kernel or a kernel's channel has to
show the token, once in the address and from then on by cookie; what is served without it is the
program's own scripts and styles, never a notebook or a file. A request that names another host is
refused, and a page may load nothing from elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import webbrowser
from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import APIHandler, FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import HTTPError, authenticated
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from casekit.app.pages import Page
from casekit.app.runs import Kernels, Runs
from casekit.evaluate import UsageError
from casekit.reports.html import colours, style

HERE = "127.0.0.1"
KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
UNSEEN = 300  # seconds after which a kernel that no page looks at is ended

# The widgets' own code is made in the page (blob:, eval); all of it comes from this server.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'self' 'unsafe-inline'; connect-src 'self' ws: data: blob:; object-src 'none';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
WORDS = {
    403: (
        "This address lacks its token",
        "The pages are open only to whoever started them. Use the whole address that casekit app"
        " printed when it started, with everything after the question mark.",
    ),
    404: ("There is no such page", "Choose one of the pages that there are."),
}
FAULT = (
    "This page could not be made",
    "Open it anew. If that does not help, stop casekit app and start it again.",
)


class Shown(BaseVoilaHandler):
    """A page for people: refused in our own words without the token."""

    def get_login_url(self) -> str:
        """There is no login page: the token is in the address that was printed."""
        raise HTTPError(403)

    def write_error(self, status_code: int, **_: object) -> None:
        """Say in plain words why there is no page."""
        title, told = WORDS.get(status_code, FAULT)
        known = status_code != 403  # what there is, is told to whoever has the token
        self.finish(self.page("error.html.j2", title=title, told=told, known=known))

    def page(self, template: str, **said: object) -> str:
        """One of our templates, filled."""
        environment = self.settings["voila_jinja2_env"]
        site = self.voila_configuration.resources["site"]
        return environment.get_template(template).render(resources={"site": site}, **said)


class Index(Shown):
    """The list of the pages, and the place where the token leaves the address."""

    @authenticated
    def get(self) -> None:
        """Show the list; the token that came in the address is a cookie from here on."""
        if self.get_argument("token", ""):
            self.redirect(self.base_url)
        else:
            self.finish(self.page("list.html.j2"))


class Notebook(Shown):
    """A notebook's page, sent as it is being run."""

    def initialize(self, runs: Runs, paths: dict[str, str], **settings: object) -> None:
        """`paths` has each notebook's path by its name in the address."""
        super().initialize(**settings)
        self.runs, self.paths = runs, paths

    @authenticated
    async def get(self, name: str) -> None:
        """Show the notebook of that name."""
        if name not in self.paths:
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        _ = self.xsrf_token  # sets the cookie without which the page may not end its kernel
        run = await self.runs.take(self.paths[name])
        try:
            async for piece in run.page():
                self.write(piece)
                await self.flush()
        except StreamClosedError:  # the visitor has left
            await self.kernel_manager.end(run.kernel_id)
        except Exception:  # the page's head is out: what is wrong is said in its content
            self.log.exception("The notebook could not be run")
            self.finish(self.page("failed.html.j2"))


class Alive(APIHandler):
    """Whether a page's kernel lives: the page asks, and says so when it does not."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer {"alive": true} or {"alive": false}."""
        kernels: Kernels = self.settings["kernel_manager"]
        self.finish({"alive": await kernels.alive(kernel_id)})


class App(Voila):
    """Voila's server for some pages. `listen` calls `on_ready` with the address to open."""

    def __init__(self, pages: list[Page], cold: bool, on_ready: Callable, **settings: object):
        super().__init__(**settings)
        self.pages, self.cold, self.on_ready = pages, cold, on_ready

    def bind(self, port: int) -> None:
        """Take the port, any free one for 0. Raises UsageError if it cannot be had."""
        try:
            self.sockets = bind_sockets(port, HERE, family=socket.AF_INET)
        except (OSError, OverflowError) as error:
            told = getattr(error, "strerror", None) or "there is no such port"
            raise UsageError(f"port {port}: {told}; choose another one with --port") from None
        self.port = self.sockets[0].getsockname()[1]

    def setup_template_dirs(self) -> None:
        """Our templates first, and then Voila's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(files(__package__).joinpath("templates")))

    def init_handlers(self) -> list:
        """All that may be asked of this server."""
        shown = {"voila_configuration": self.voila_configuration}
        paths = {page.name: os.path.relpath(page.notebook, self.root_dir) for page in self.pages}
        self.runs = Runs(self, paths.values(), self.cold)
        notebook = {**shown, "runs": self.runs, "paths": paths}
        return [
            (r"/", Index, shown),
            (rf"/alive/{KERNEL}", Alive),
            (rf"/api/kernels/{KERNEL}", KernelHandler),
            (rf"/api/kernels/{KERNEL}/channels", VoilaKernelWebsocketHandler),
            (rf"/voila/api/shutdown/{KERNEL}", VoilaShutdownKernelHandler),
            (r"/voila/templates/(.*)", TemplateStaticFileHandler),
            (r"/voila/static/(.*)", MultiStaticFileHandler, {"paths": self.static_paths}),
            (r"/voila/labextensions/(.*)", FileFindHandler, {"path": self.labextensions_path}),
            (r"/([^/]+)", Notebook, notebook),
            (r"/.*", Missing, shown),
        ]

    def listen(self) -> None:
        """Serve until Ctrl-C."""
        HTTPServer(self.app).add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self._ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    async def _ready(self) -> None:
        self.keeping = asyncio.create_task(self.runs.keep_ready())
        self.on_ready(f"http://{HERE}:{self.port}/?token={self.token}")


class Missing(Shown):
    """Any other address."""

    @authenticated
    def get(self) -> None:
        """Say that there is no such page."""
        raise HTTPError(404)


def serve(
    pages: list[Page],
    on_ready: Callable[[str], object] = print,
    port: int = 0,
    cold: bool = False,
    browser: bool = False,
) -> None:
    """Serve pages on this computer until Ctrl-C; then end every kernel.

    `on_ready` is told the address, token and all, and `browser` opens it. `cold` keeps no notebook
    ready. Raises UsageError if the port is taken.
    """
    if os.environ.get("CASEKIT_DEBUG") != "1":
        logging.disable(logging.CRITICAL)  # a value in what failed may be a person's

    def ready(address: str) -> None:
        on_ready(address)
        if browser:
            _open(address, Path(app.connection_dir))

    app = App(pages, cold, ready, config=_settings(pages), token=secrets.token_hex(24))
    app.bind(port)
    app.initialize([])
    app.start()


def _settings(pages: Iterable[Page]) -> Config:
    pages = list(pages)
    site = {
        "style": colours() + style("page") + style("blocks") + _text("page.css"),
        "script": _text("page.js"),
        "pages": [{**asdict(page), "notebook": ""} for page in pages],
    }
    folder = os.path.commonpath([page.notebook.parent for page in pages])
    return Config(
        Voila={
            "root_dir": folder,
            "config_file_paths": [],  # what is set for another Voila must not open this one
            "open_browser": False,
            "identity_provider_class": IdentityProvider,
            "tornado_settings": {
                "allow_remote_access": False,
                "allow_unauthenticated_access": False,
                "headers": {
                    "Content-Security-Policy": POLICY,
                    "Referrer-Policy": "same-origin",
                },
            },
        },
        VoilaConfiguration={
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "multi_kernel_manager_class": Kernels,
            "resources": {"site": site},
        },
        KernelRestarter={"restart_limit": 0},  # what a page showed is gone with its kernel
        MappingKernelManager={"cull_idle_timeout": UNSEEN, "cull_interval": 60},
    )


def _text(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _open(address: str, folder: Path) -> None:
    """Open the address by way of a private file: a command line can be read by other users."""
    way = folder / "open.html"
    way.touch(mode=0o600)
    way.write_text(f'<meta http-equiv="refresh" content="0;url={address}">', encoding="utf-8")
    webbrowser.open(way.as_uri())

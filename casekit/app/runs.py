"""A notebook run for one visitor, and the runs that are ready before their visitor comes.

A run has a kernel of its own and is taken once: who opens a page anew gets a new one. One run a
notebook waits, made one after the other so that a small computer is not swamped at the start; the
next is made when the last has been taken. What waits has run the whole notebook: the visitor waits
for the browser only.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from uuid import uuid4

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

PAUSE = 3  # seconds after a run was taken, in which the visitor's browser has the computer


class Kernels(AsyncMappingKernelManager):
    """Jupyter's kernels, of which those that wait for a visitor are not culled as idle."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.waiting: set[str] = set()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Shut down a kernel that nobody has looked at for a while."""
        if kernel_id not in self.waiting:
            await super().cull_kernel_if_idle(kernel_id)

    async def alive(self, kernel_id: str) -> bool:
        """Whether the kernel's process is there."""
        return kernel_id in self and await ensure_async(self.get_kernel(kernel_id).is_alive())

    async def end(self, kernel_id: str) -> None:
        """End a kernel, if it is there."""
        self.waiting.discard(kernel_id)
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)


class Run:
    """A notebook being run by Voila in a kernel of its own; its page, piece by piece.

    `ahead` is said to the kernel as Voila says it (VOILA_PREHEAT): a panel then makes what it
    shows at once, while otherwise a page is there that would like to see its form first.
    """

    def __init__(self, app: Voila, notebook: str, ahead: bool = False) -> None:
        self.app, self.notebook, self.ahead = app, notebook, ahead
        self.kernel_id = str(uuid4())
        self._pieces: list[str] = []
        self._more = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            renderer = self._renderer()
            await renderer.initialize()
            pieces = renderer.generate_content_generator(self.kernel_id, self._started())
            async for piece, _ in pieces:
                self._pieces.append(piece)
                self._more.set()
        finally:
            self._more.set()

    async def page(self) -> AsyncIterator[str]:
        """The page's pieces as they come: all at once for a run that is over.

        Raises what the run raised, if it could not be carried out.
        """
        while True:
            self._more.clear()
            over = self.task.done()
            pieces, self._pieces = self._pieces, []
            if pieces:
                yield "".join(pieces)
            elif over:
                break
            else:
                await self._more.wait()
        await self.task

    async def fit(self) -> bool:
        """Whether it may be shown: it has not failed, and its kernel lives or has yet to start."""
        kernels = self.app.kernel_manager
        if not self.task.done():
            return self.kernel_id not in kernels or await kernels.alive(self.kernel_id)
        failed = self.task.cancelled() or self.task.exception()
        return not failed and await kernels.alive(self.kernel_id)

    async def _started(self) -> KernelManager:
        # The kernel starts once the page's head is out, so that a visitor sees a page at once.
        await self.app.kernel_manager.start_kernel(
            kernel_id=self.kernel_id,
            path=str(Path(self.notebook).parent),
            env={
                **os.environ,
                "VOILA_PREHEAT": str(self.ahead),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self.app.kernel_manager.get_kernel(self.kernel_id)

    def _renderer(self) -> NotebookRenderer:
        app = self.app
        return NotebookRenderer(
            voila_configuration=app.voila_configuration,
            traitlet_config=app.config,
            notebook_path=self.notebook,
            template_paths=app.template_paths,
            config_manager=app.config_manager,
            contents_manager=app.contents_manager,
            kernel_spec_manager=app.kernel_spec_manager,
            base_url=app.base_url,
            page_config=get_page_config(
                app.base_url, app.app.settings, app.log, app.voila_configuration
            ),
        )


class Runs:
    """The runs that wait for a visitor: one a notebook, or none at all when `cold`."""

    def __init__(self, app: Voila, notebooks: Iterable[str], cold: bool = False) -> None:
        self._app = app
        self._ready: dict[str, Run] = {}
        self._wanted: asyncio.Queue[str] = asyncio.Queue()
        for notebook in notebooks if not cold else ():
            self._wanted.put_nowait(notebook)

    async def keep_ready(self) -> None:
        """Make what is wanted, one at a time, for as long as the app runs."""
        while True:
            notebook = await self._wanted.get()
            run = self._ready[notebook] = Run(self._app, notebook, ahead=True)
            self._app.kernel_manager.waiting.add(run.kernel_id)
            await asyncio.wait([run.task])

    async def take(self, notebook: str) -> Run:
        """The run that waits, if it is fit to be shown, else a new one; it is the caller's now."""
        run = self._ready.pop(notebook, None)
        if run:
            asyncio.get_running_loop().call_later(PAUSE, self._wanted.put_nowait, notebook)
            if await run.fit():
                self._app.kernel_manager.waiting.discard(run.kernel_id)
                return run
            await self._app.kernel_manager.end(run.kernel_id)
        return Run(self._app, notebook)

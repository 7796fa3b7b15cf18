"""A panel: a form and what it shows, made anew from one state whenever something is done.

    state -> regions(state) -> HTML -> the page      (what is shown)
    the page -> change | press | upload -> state     (what was done)

A panel of a notebook is a subclass that says three things: its state (a frozen dataclass), what is
shown of it (`regions`), and what a change, a press or an upload makes of it. Everything that the
page can do is a method here too, so it can be tried without a click:

    panel.change(as_of="2026-03-02"); panel.press("load"); panel.html(); panel.said

Nothing of what is shown is in the widget's synced traits, so nothing of it stays in a notebook that
is saved: the page asks for it when it opens. The page's side is `panel.js`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

import anywidget

from casekit.figures.theme import DARK, LIGHT
from casekit.reports.document import Notice
from casekit.reports.engine import reason
from casekit.reports.html import declared, style
from casekit.widgets.parts import Region, html

State = TypeVar("State")


@dataclass(frozen=True)
class Download:
    """A file for the page to save: its name, its media type, its bytes."""

    name: str
    type: str
    data: bytes


@cache
def _script() -> str:
    """The page's side, with the library that changes a page in place (idiomorph, 0BSD)."""
    return _text("idiomorph.min.js") + "\n" + _text("panel.js")


@cache
def _style() -> str:
    """The look of the reports, inside a panel only; Lab's own setting of light or dark counts."""
    light, dark = (f"color-scheme: {name}; {declared(each)}" for name, each in _PALETTES.items())
    return "\n".join(
        [
            f".ck {{ {light} }}",
            "@media screen and (prefers-color-scheme: dark) {",
            f"  body:not([data-jp-theme-light]) .ck {{ {dark} }} }}",
            f"body[data-jp-theme-light='false'] .ck {{ {dark} }}",
            f".ck {{ {style('blocks')}\n{_text('panel.css')} }}",
        ]
    )


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


_PALETTES = {"light": LIGHT, "dark": DARK}


class Panel(anywidget.AnyWidget, Generic[State]):
    """A form and what it shows. Subclasses give `regions`, and what is done to the state."""

    def __init__(self, state: State) -> None:
        self._esm, self._css = _script(), _style()
        super().__init__()
        self.state = state
        self.said = ""
        self._shown: dict[str, tuple[object, str]] = {}
        self._order: list[str] = []
        self.on_msg(lambda _, message, buffers: self._heard(message, buffers))

    # What a panel says of itself.

    def regions(self, state: State) -> Iterable[Region]:
        """What is shown of a state, from top to bottom; every panel says its own."""
        return ()

    def opened(self, state: State) -> State:
        """The state once a page shows it: a panel of files that may have changed reads them."""
        return state

    def changed(self, state: State, name: str, value: str) -> State:
        """The state after a control's change; by default the field of that name, which is text."""
        if not isinstance(getattr(state, name, None), str):
            raise ValueError(f"there is no control {name!r}")
        return replace(state, **{name: value})  # type: ignore[type-var]

    def pressed(self, state: State, name: str, value: str) -> State:
        """The state after a button was pressed."""
        raise ValueError(f"there is no button {name!r}")

    def uploaded(self, state: State, name: str, given: Mapping[str, bytes]) -> State:
        """The state after files were handed over: their bytes by name, to be read and dropped."""
        raise ValueError(f"there is no place for files {name!r}")

    # What is done to it, by the page or by a caller.

    def change(self, live: bool = False, **values: str) -> None:
        """Change controls; `live` while one is still being moved."""
        with self._saying(live):
            for name, value in values.items():
                self.state = self.changed(self.state, name, value)

    def press(self, name: str, value: str = "") -> None:
        """Press a button."""
        with self._saying():
            self.state = self.pressed(self.state, name, value)

    def upload(self, name: str, given: Mapping[str, bytes]) -> None:
        """Hand over files, by name."""
        with self._saying():
            self.state = self.uploaded(self.state, name, given)

    def html(self) -> str:
        """All that is shown, as HTML."""
        self.show()
        return "\n".join(self._shown[name][1] for name in self._order)

    # What it may tell the page while it works.

    def say(self, text: str) -> None:
        """Say something in the status line, which is read out."""
        self.said = text
        self.send({"said": text})

    def focus(self, name: str) -> None:
        """Put the keyboard on a control."""
        self.send({"focus": f"{self._prefix}-{name}"})

    def hand(self, download: Download) -> None:
        """Let the page save a file."""
        self.send({"download": {"name": download.name, "type": download.type}}, [download.data])

    def show(self, live: bool = False) -> None:
        """Show the state: each region that has changed, as soon as it is made.

        While a control is moved (`live`), the regions that wait until it is settled are left.
        """
        regions = list(self.regions(self.state))
        self._order = [region.name for region in regions]
        self._shown = {name: self._shown[name] for name in self._order if name in self._shown}
        for region in regions:
            of, markup = self._shown.get(region.name, (_NOTHING, ""))
            if _same(of, region.of) or (live and region.settled):
                continue
            fresh = self._made(region)
            self._shown[region.name] = (region.of, fresh)
            if fresh != markup:
                self._send_regions({region.name: fresh})

    def _repr_mimebundle_(self, **given: Any) -> Any:
        if os.environ.get("VOILA_PREHEAT") == "True":  # no page is there yet: it will be quick
            self.show()
        return super()._repr_mimebundle_(**given)

    def _send_regions(self, markup: Mapping[str, str], **more: object) -> None:
        self.send({"order": self._order, "html": dict(markup), **more})

    def _made(self, region: Region) -> str:
        try:
            return html(region.make(), self._prefix)
        except Exception as error:  # one region that fails takes no other with it
            return html([Notice("warning", reason(error))], self._prefix)

    @property
    def _prefix(self) -> str:
        return f"ck-{self.model_id[:8]}" if self.model_id else "ck"

    @contextmanager
    def _saying(self, live: bool = False) -> Any:
        """Do something, show what came of it; a mistake is said in one line."""
        try:
            yield
        except Exception as error:
            self.say(reason(error))
        try:
            self.show(live)
        except Exception as error:
            self.say(reason(error))

    def _heard(self, message: Mapping[str, Any], buffers: Iterable[memoryview]) -> None:
        try:
            self._take(message, buffers)
        finally:  # the page waits for this, also where somebody stopped the kernel's work
            self._send_regions({}, said=self.said, number=message["number"])

    def _take(self, message: Mapping[str, Any], buffers: Iterable[memoryview]) -> None:
        match message:
            case {"ask": _}:
                with self._saying():
                    self.state = self.opened(self.state)
                self._send_regions({n: self._shown[n][1] for n in self._order if n in self._shown})
            case {"change": values}:
                self.change(bool(message.get("live")), **values)
            case {"press": name, "value": value}:
                self.press(name, value)
            case {"upload": name, "files": names}:
                self.upload(name, dict(zip(names, map(bytes, buffers), strict=True)))


_NOTHING = object()


def _same(one: object, other: object) -> bool:
    """Whether two things that regions are made of are the same; tables by being the very one."""
    if one is other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    plain = str | int | float | frozenset
    return isinstance(one, plain) and isinstance(other, plain) and one == other

"""A panel, without a page: what it sends, what it leaves alone, what stays in a saved notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from casekit.reports.document import Text
from casekit.widgets.panel import Download, Panel
from casekit.widgets.parts import Choice, Entry, Grid, Part, Region, Slider, html


@dataclass(frozen=True)
class Count:
    number: str = "1"
    name: str = "Ann"


class Counter(Panel[Count]):
    """A number that is shown twice over, and a name that makes one region fail."""

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.made: list[str] = []
        super().__init__(Count())

    def send(self, content: dict, buffers: list | None = None) -> None:
        self.sent.append(content)

    def regions(self, state: Count) -> Iterator[Region]:
        yield Region("number", (state.number,), lambda: self.parts("number", state.number))
        yield Region("slow", (state.number,), lambda: self.parts("slow", state.number), True)
        yield Region("name", (state.name,), lambda: self.parts("name", state.name))

    def parts(self, region: str, text: str) -> list[Part]:
        self.made.append(region)
        if text == "secret":
            raise RuntimeError(f"the data says {text}")
        return [Text(text)]

    def pressed(self, state: Count, name: str, value: str) -> Count:
        if name == "clear":
            self.hand(Download("name.txt", "text/plain", state.name.encode()))
            return replace(state, name="")
        return super().pressed(state, name, value)


@pytest.fixture
def counter() -> Counter:
    panel = Counter()
    panel.show()
    panel.sent.clear()
    panel.made.clear()
    return panel


def html_sent(panel: Counter) -> list[str]:
    return [name for message in panel.sent for name in message.get("html", ())]


def test_only_what_has_changed_is_made_and_sent(counter: Counter) -> None:
    counter.change(name="Bo")
    assert counter.made == html_sent(counter) == ["name"]


def test_while_a_slider_moves_what_waits_until_it_is_let_go_is_left(counter: Counter) -> None:
    counter.change(live=True, number="2")
    assert counter.made == ["number"]


def test_once_it_is_let_go_that_is_made_too(counter: Counter) -> None:
    counter.change(live=True, number="2")
    counter.change(number="2")
    assert counter.made == ["number", "slow"]


def test_a_region_that_fails_takes_no_other_with_it_and_tells_nothing_of_the_data(
    counter: Counter,
) -> None:
    counter.change(name="secret", number="3")
    assert "secret" not in counter.html() and "casekit itself failed" in counter.html()
    assert "<p>3</p>" in counter.html()


def test_a_mistake_is_said_in_one_line_and_changes_nothing(counter: Counter) -> None:
    before = counter.state
    counter.press("no-such-button")
    assert "there is no button" in counter.said
    assert counter.state is before


def test_a_page_that_opens_is_given_everything_and_each_message_is_answered(
    counter: Counter,
) -> None:
    counter._heard({"ask": "all", "number": 7}, [])
    assert html_sent(counter) == ["number", "slow", "name"]
    assert counter.sent[-1]["number"] == 7


def test_an_answer_comes_also_where_something_went_wrong(counter: Counter) -> None:
    counter._heard({"press": "no-such-button", "value": "", "number": 8}, [])
    assert counter.sent[-1]["number"] == 8


def test_a_file_is_handed_to_the_page_and_not_kept(counter: Counter) -> None:
    counter.press("clear")
    assert counter.sent[0] == {"download": {"name": "name.txt", "type": "text/plain"}}


def test_nothing_that_is_shown_is_in_what_a_saved_notebook_holds(counter: Counter) -> None:
    counter.change(name="Ann Example")
    kept = f"{counter.get_state()} {counter._repr_mimebundle_()}"
    assert "Ann Example" in counter.html() and "Ann Example" not in kept


# Parts.


def test_text_of_the_data_is_shown_as_text_in_every_part() -> None:
    bad = '"><script>alert(1)</script>'
    parts: list[Part] = [
        Entry("a", bad, bad, bad, bad),
        Entry("b", bad, bad, lines=3),
        Slider("c", bad, bad, unit=bad),
        Choice("d", bad, bad, options=((bad, bad),)),
        Choice("e", bad, bad, options=((bad, bad),), buttons=True),
        Grid(bad, (bad,), ((bad,),), note=bad),
    ]
    assert "<script" not in html(parts)


def test_an_error_is_tied_to_its_field_and_read_with_it() -> None:
    markup = html([Entry("as_of", "As of", "x", error="Give a date.")], "p")
    assert 'aria-describedby="p-as_of-told"' in markup and 'aria-invalid="true"' in markup
    assert 'id="p-as_of-told"><strong' in markup


def test_a_list_marks_what_is_chosen() -> None:
    markup = html([Choice("site", "Site", "b", options=(("a", "A"), ("b", "B")))])
    assert '<option value="b" selected>' in markup and '<option value="a">' in markup


def test_a_field_that_is_no_text_cannot_be_set_from_the_page(counter: Counter) -> None:
    counter.change(_shown="x")
    assert "there is no control" in counter.said


def test_a_page_is_answered_also_where_the_whole_panel_fails(counter: Counter) -> None:
    counter.regions = lambda state: 1 / 0
    counter._heard({"change": {"number": "2"}, "number": 9}, [])
    assert counter.sent[-1]["number"] == 9

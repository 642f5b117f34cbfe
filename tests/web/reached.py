"""The states of docs/states.md that a person reaches by hand, for browsers that Playwright does not drive."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.visitor import Visitor

NUMB = "numb between my legs since this morning"
MISTAKES, STRETCH = "What are common workout mistakes?", "How do I do a hamstring stretch?"
PAGE = "/pages/watched.html"
Reach = Callable[[Visitor], object]


def _opened(visitor: Visitor) -> Visitor:
    visitor.tap(".launcher").sees("chat.querySelector('.panel')?.open")
    return visitor


def _said(words: str, *taps: str | tuple[str, int]) -> Reach:
    """After Start somebody says this, and presses these things."""

    def reach(visitor: Visitor) -> None:
        visitor.begin().say(words).waits_for_answers(1)
        visitor.sees("!chat.querySelector('.typing')")
        for one in taps:
            visitor.tap(one) if isinstance(one, str) else visitor.tap(*one)

    return reach


def _closed(visitor: Visitor) -> None:
    _said(NUMB, "[data-act=close]")(visitor)
    visitor.sees("chat.querySelector('.launcher.urgent') && !chat.querySelector('.panel').open")


def _exercise(visitor: Visitor) -> None:
    _said(STRETCH)(visitor)
    visitor.sees("chat.querySelector('.log img').naturalWidth")


def _scale(visitor: Visitor) -> None:
    visitor.begin().say("my pain").waits_for_answers(1)
    last = visitor.chat("chat.querySelectorAll('.form [data-act=choose]').length - 1")
    visitor.tap(".form [data-act=choose]", last).tap(".scale .tick", 6)


def _too_long(visitor: Visitor) -> None:
    visitor.begin()
    visitor.chat("void (chat.querySelector('textarea').value = values[0])", "my back hurts after training " * 400)
    visitor.say("!").sees("chat.querySelector('.status').textContent")


def _typing(visitor: Visitor) -> None:
    visitor.begin().say("slow reps or fast reps?").sees("chat.querySelector('.typing')")
    visitor.server.go_on()  # what is seen next is the typing or, a moment later, the answer
    visitor.waits_for_answers(1)


def _cleared(visitor: Visitor) -> None:
    _said(MISTAKES, "[data-act=menu]", ".menu [data-act=clear]", "[data-act=yes]")(visitor)
    visitor.sees("chat.querySelector('[data-act=start]')?.offsetHeight")


REACHED: dict[str, Reach] = {
    "closed": lambda _: None,
    "closed-alarm": _closed,
    "notice": _opened,
    "begun": Visitor.begin,
    "menu": lambda visitor: _opened(visitor).tap("[data-act=menu]"),
    "answer": _said(MISTAKES),
    "answer-sources": _said(MISTAKES, "details:not(.safety) summary"),
    "exercise": _exercise,
    "routine": _said("the routine whole"),
    "routine-block": _said("my routine step by step"),
    "contact": _said("How do I contact you?"),
    "signs-marked": _said("my pain", ".tick", (".tick", 2)),
    "scale-marked": _scale,
    "soon-signs": _said("nine signs"),
    "alarm": _said(NUMB),
    "alarm-closed": _said(NUMB, ".choices button"),
    "crisis": _said("crisis"),
    "staff": _said(NUMB, "[data-act=staff]"),
    "staff-unnamed": _said("emergency", "[data-act=staff]"),
    "typing": _typing,
    "too-long": _too_long,
    "delete": _said(MISTAKES, "[data-act=menu]", ".menu [data-act=delete]"),
    "cleared": _cleared,
}

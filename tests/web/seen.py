"""The screens of the list, and what must be in view on them: measured in the same way in every browser."""

from __future__ import annotations

from dataclasses import dataclass

# A stand-in for the keyboard: what is left of the screen is said by visualViewport alone, as on an iPhone.
KEYBOARD = """
  const view = new EventTarget();
  let share = 1;
  let scale = 1;
  Object.defineProperties(view, {
    height: { get: () => innerHeight * share }, width: { get: () => innerWidth },
    offsetTop: { get: () => 0 }, scale: { get: () => scale },
  });
  Object.defineProperty(window, 'visualViewport', { get: () => view });
  window.keyboard = (left, zoom = 1) => { share = left; scale = zoom; view.dispatchEvent(new Event('resize')); };
"""


@dataclass(frozen=True)
class State:
    """One state of the list: a screen, the size of its text, an open alarm, the keyboard."""

    width: int
    height: int
    em: int = 16
    alarm: bool = False
    keyboard: bool = False

    def __str__(self) -> str:
        more = [f"{self.em * 100 // 16} %", *(name for name in ("alarm", "keyboard") if getattr(self, name))]
        return f"{self.width}x{self.height} {' '.join(more)}"

    @property
    def left(self) -> float:
        """The height that is left above the keyboard."""
        return self.height / 2 if self.keyboard else self.height

    @property
    def is_tiny(self) -> bool:
        """With less than 320x400 pixels at the normal size of text, scrolling one column is enough."""
        return self.left < 200 or self.left * 16 / self.em < 200 or self.width * 16 / self.em < 200


SIZES = (
    (280, 500), (320, 568), (375, 553), (375, 667), (390, 664), (390, 844), (412, 915),
    (568, 320), (667, 375), (844, 390), (768, 1024), (1280, 490), (1280, 800), (2560, 1440), (320, 256), (640, 512),
)  # fmt: skip
STATES = [
    *(State(width, height, alarm=alarm) for width, height in SIZES for alarm in (False, True)),
    *(State(width, height, 32, alarm) for width, height in SIZES[:8] for alarm in (False, True)),
    *(State(width, height, alarm=True, keyboard=True) for width, height in SIZES[:7]),
    *(State(width, height, 24, alarm=True, keyboard=True) for width, height in SIZES[3:7]),
]

# Which of these are not there to be seen and touched, with nothing over them and above the keyboard; of an answer the
# first line is enough.
UNSEEN = """([needed, left, width]) => {
  const chat = document.querySelector('spineline-chat').shadowRoot;
  const isSeen = ([selector, number]) => {
    const node = chat.querySelectorAll(selector)[number];
    const box = node.getBoundingClientRect();
    const at = chat.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, box.top + 14));
    const bottom = selector.includes('.said') ? Math.min(box.bottom, box.top + 28) : box.bottom;
    return node.contains(at) && bottom <= left + 1 && box.right <= width + 1 && box.top >= -1 && box.left >= -1;
  };
  return needed.filter((one) => !isSeen(one));
}"""
REACH = """([selector, number]) => {
  const chat = document.querySelector('spineline-chat').shadowRoot;
  chat.querySelectorAll(selector)[number].scrollIntoView({ block: 'center' });
}"""
IS_ONE_COLUMN = """() => {
  const panel = document.querySelector('spineline-chat').shadowRoot.querySelector('.panel');
  return panel.scrollWidth <= panel.clientWidth + 1;
}"""
SIGNS = [*((".choices button", number) for number in range(3)), (".log .calls a", 0), (".more", 0)]


def needed(state: State) -> list[tuple[str, int]]:
    """Which things of the chat, and the how-manyeth such."""
    always = [("[data-act=close]", 0), ("textarea", 0), ("form button", 0), (".said:not(.you)", 1)]
    return [*always, *([(".pin .calls a", 0)] if state.alarm else [])]

"""Draw web/drawings/*.svg from web/drawings/poses.yml: start and end, in colours for light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping
from math import acos, atan2, cos, degrees, hypot, radians, sin
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "web" / "drawings"
BACK, NECK, THIGH, SHIN, UPPER_ARM, FOREARM, FOOT = 60.0, 27.0, 48.0, 46.0, 33.0, 30.0, 13.0
NEAR, FAR, ARROW, FLOOR = "#2b8a79", "#75b3a6", "#d2691e", "#8aa39c"  # seen on white and on #20302c
WIDTH, HEIGHT = 320, 200

Point = tuple[float, float]
Pose = Mapping[str, Any]


def from_angle(start: Point, angle: float, length: float) -> Point:
    """The point that lies so far away in that direction."""
    return start[0] + length * cos(radians(angle)), start[1] + length * sin(radians(angle))


def joint(start: Point, end: Point, lengths: tuple[float, float], bend: str) -> Point:
    """Where a knee or an elbow is between its two ends; bends up or down, straight where they lie far apart."""
    first, second = lengths
    far = min(max(hypot(end[0] - start[0], end[1] - start[1]), 1.0), first + second - 0.01)
    angle = degrees(atan2(end[1] - start[1], end[0] - start[0]))
    turn = degrees(acos(max(-1.0, min(1.0, (first**2 + far**2 - second**2) / (2 * first * far)))))
    points = [from_angle(start, angle + sign * turn, first) for sign in (1, -1)]
    return max(points, key=lambda point: point[1] if bend == "up" else -point[1])


class Figure:
    """One person in one place of a drawing."""

    def __init__(self, pose: Pose, middle: float, floor: float, scale: float) -> None:
        self._pose, self._middle, self._floor, self.scale = pose, middle, floor, scale
        self.hip: Point = tuple(pose["hip"])
        self.shoulder = from_angle(self.hip, pose["back"], BACK)
        self.head = from_angle(self.shoulder, pose["neck"], NECK)

    def corners(self) -> list[Point]:
        """The points that lie farthest out."""
        x, y = self.head
        ends = [tuple(side[name]) for side in self._sides for name in ("hand", "foot", "knee") if name in side]
        return [(x - 15, y + 15), (x + 15, y + 15), self.hip, *((x + out, y + 8) for x, y in ends for out in (-14, 14))]

    @property
    def _sides(self) -> list[Pose]:
        return [self._pose["near"], self._pose.get("far", {})]

    def at(self, point: Point) -> str:
        """A point of the body as a point of the drawing."""
        x, y = self._middle + point[0] * self.scale, self._floor - point[1] * self.scale
        return f"{x:.0f} {y:.0f}"

    def line(self, points: list[Point], width: float, colour: str) -> str:
        """A limb."""
        path = f"M{self.at(points[0])}L{' '.join(map(self.at, points[1:]))}"
        return f'<path d="{path}" stroke="{colour}" stroke-width="{width * self.scale:.0f}"/>'

    def parts(self) -> list[str]:
        """The far side first, the near side over it."""
        near, far = self._pose["near"], self._pose.get("far", {})
        return [*self._limbs(far, FAR), self._legs(near, NEAR), self._torso(), self._skull(), self._arm(near, FAR)]

    def _limbs(self, side: Pose, colour: str) -> list[str]:
        return [part for part in (self._arm(side, colour), self._legs(side, colour)) if part]

    def _legs(self, side: Pose, colour: str) -> str:
        if "foot" not in side:
            return ""
        foot = tuple(side["foot"])
        knee = tuple(side["knee"]) if "knee" in side else joint(self.hip, foot, (THIGH, SHIN), side.get("bend", "up"))
        toes = from_angle(foot, self._toes(side, knee, foot), FOOT)
        thigh, shin = self.line([self.hip, knee], 17, colour), self.line([knee, foot], 12, colour)
        return thigh + shin + self.line([foot, toes], 8, colour)

    def _toes(self, side: Pose, knee: Point, foot: Point) -> float:
        shin = degrees(atan2(foot[1] - knee[1], foot[0] - knee[0]))
        named = {"down": -80.0, "up": 130.0, "flat": shin}
        if "toes" in side:
            return named[side["toes"]]
        if abs(foot[1] - knee[1]) < 22 and foot[1] > 20:
            return shin + (80 if self._pose["back"] > 100 and knee[1] >= 20 else 0)
        return 0.0 if foot[1] < 20 and knee[1] > 24 else (70.0 if self._is_on_the_back(knee) else shin)

    def _is_on_the_back(self, knee: Point) -> bool:
        return self._pose["back"] > 170 and self.hip[1] < 20 and knee[0] > self.hip[0]

    def _arm(self, side: Pose, colour: str) -> str:
        if "hand" not in side:
            return ""
        hand = tuple(side["hand"])
        bend = side.get("bend", "down")
        elbow = tuple(side["elbow"]) if "elbow" in side else joint(self.shoulder, hand, (UPPER_ARM, FOREARM), bend)
        return self.line([self.shoulder, elbow, hand], 9, colour)

    def _torso(self) -> str:
        curve = self._pose.get("curve", 0)
        middle = ((self.hip[0] + self.shoulder[0]) / 2, (self.hip[1] + self.shoulder[1]) / 2 + 2 * curve)
        path = f"M{self.at(self.hip)}Q{self.at(middle)} {self.at(self.shoulder)}"
        neck = self.line([self.shoulder, self.head], 10, NEAR)
        return f'<path d="{path}" stroke="{NEAR}" stroke-width="{25 * self.scale:.0f}"/>{neck}'

    def _skull(self) -> str:
        x, y = self.at(self.head).split()
        return f'<circle cx="{x}" cy="{y}" r="{15 * self.scale:.0f}" fill="{NEAR}"/>'

    def arrow(self, start: Point, end: Point) -> str:
        """Where something moves to."""
        angle = degrees(atan2(end[1] - start[1], end[0] - start[0]))
        tips = [from_angle(end, angle + turn, 9) for turn in (145, -145)]
        path = f"M{self.at(start)}L{self.at(end)}M{self.at(tips[0])}L{self.at(end)} {self.at(tips[1])}"
        return f'<path d="{path}" stroke="{ARROW}" stroke-width="4"/>'


def draw(exercise: Mapping[str, Any]) -> str:
    """One drawing."""
    is_beside = bool(exercise.get("side"))
    middle, scale = _fitted(exercise, (152, 176) if is_beside else (300, 84))
    places = [(80.0, 190.0), (240.0, 190.0)] if is_beside else [(160.0, 92.0), (160.0, 191.0)]
    names = ("start", "end")
    figures = [Figure(exercise[name], x - middle * scale, y, scale) for name, (x, y) in zip(names, places, strict=True)]
    shown = [part for figure in figures for part in (*_around(exercise, figure, middle), *figure.parts())]
    arrows = exercise.get("arrow", {})
    shown += [figures[1].arrow(*map(tuple, arrows[name])) for name in ("end", "more") if name in arrows]
    marks = [_mark(n, x, y) for n, (x, y) in enumerate(_marks(is_beside), 1)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'fill="none" stroke-linecap="round" stroke-linejoin="round">\n' + "\n".join([*shown, *marks]) + "\n</svg>\n"
    )


def _fitted(exercise: Mapping[str, Any], room: Point) -> tuple[float, float]:
    """The middle of both poses, and the scale at which they fill the room."""
    poses = [Figure(exercise[name], 0, 0, 1) for name in ("start", "end")]
    points = [point for pose in poses for point in pose.corners()]
    points += [tuple(point) for arrow in exercise.get("arrow", {}).values() for point in arrow]
    points += [(exercise[name], 0) for name in ("wall",) if name in exercise]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    return (left + right) / 2, min(1.12, room[0] / (right - left), room[1] / max(y for _, y in points))


def _around(exercise: Mapping[str, Any], figure: Figure, middle: float) -> list[str]:
    half = (70 if exercise.get("side") else 146) / figure.scale
    floor = [figure.line([(middle - half, -4), (middle + half, -4)], 4, FLOOR)]
    if "wall" in exercise:
        floor.append(figure.line([(exercise["wall"], -4), (exercise["wall"], 200)], 6, FLOOR))
    if "frame" in exercise:
        x, top = exercise["frame"]
        floor.append(figure.line([(x + 6, -4), (x + 6, top + 20)], 8, FLOOR))
    return floor


def _marks(is_beside: bool) -> list[Point]:
    return [(14, 16), (174, 16)] if is_beside else [(16, 18), (16, 116)]


def _mark(number: int, x: float, y: float) -> str:
    """The figure 1 or 2 as a path: a picture has no fonts."""
    path = f"M{x - 3:.0f} {y - 4:.0f}l4-3v14" if number == 1 else f"M{x - 4:.0f} {y - 3:.0f}q4-8 8-2q2 4-8 12h9"
    return f'<path d="{path}" stroke="{FLOOR}" stroke-width="3"/>'


def main() -> None:
    """Write every drawing that has a pose."""
    poses = yaml.safe_load((FOLDER / "poses.yml").read_text(encoding="utf-8"))
    for name, exercise in poses.items():
        (FOLDER / f"{name}.svg").write_text(draw(exercise), encoding="utf-8")


if __name__ == "__main__":
    main()

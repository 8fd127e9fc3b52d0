"""Our own drawing of letters and digits: lines with round ends on a grid of 32 units, so that no font is needed."""

import unicodedata
from dataclasses import dataclass

STROKE = 3.2
TOP, BOTTOM = 9.0, 23.0  # of a letter
LOW_TOP, LOW_BOTTOM = 12.6, 24.0  # of one that carries a mark
_BOWL = "C19.2 9 20.8 10.7 20.8 13.1 C20.8 15.5 19.2 17.2 16.7 17.2 L11.6 17.2"
_ROUND = "M16 9 C19.7 9 22.3 12 22.3 16 C22.3 20 19.7 23 16 23 C12.3 23 9.7 20 9.7 16 C9.7 12 12.3 9 16 9"

LETTERS = {
    "A": "M10 23 L16 9 L22 23 M12.2 18.2 L19.8 18.2",
    "B": "M11.5 9 L11.5 23 L17 23 C19.5 23 21 21.4 21 19.4 C21 17.3 19.5 15.7 17 15.7 L11.5 15.7 "
    "M11.5 9 L16.5 9 C18.7 9 20 10.4 20 12.3 C20 14.2 18.7 15.7 16.5 15.7",
    "C": "M21.6 12 C20.4 10.1 18.5 9 16.4 9 C12.7 9 10.1 12 10.1 16 "
    "C10.1 20 12.7 23 16.4 23 C18.5 23 20.4 21.9 21.6 20",
    "D": "M11 9 L11 23 L15 23 C19 23 21.6 20.1 21.6 16 C21.6 11.9 19 9 15 9 L11 9",
    "E": "M20.4 9 L12 9 L12 23 L20.4 23 M12 16 L19 16",
    "F": "M20.4 9 L12.2 9 L12.2 23 M12.2 16.2 L19 16.2",
    "G": "M21.3 11.8 C20.1 10 18.3 9 16.2 9 C12.5 9 9.9 12 9.9 16 C9.9 20 12.5 23 16.2 23 C19.6 23 21.9 20.7 21.9 17.3 "
    "L21.9 16.6 L17.2 16.6",
    "H": "M10.8 9 L10.8 23 M21.2 9 L21.2 23 M10.8 16 L21.2 16",
    "I": "M16 9 L16 23",
    "J": "M19 9 L19 18.8 C19 21.5 17.5 23 15.2 23 C13.2 23 11.9 21.9 11.5 20",
    "K": "M11.5 9 L11.5 23 M20.8 9 L11.5 18 M14.8 14.9 L21.3 23",
    "L": "M12.2 9 L12.2 23 L20.4 23",
    "M": "M9.5 23 L9.5 9 L16 18.5 L22.5 9 L22.5 23",
    "N": "M10.8 23 L10.8 9 L21.2 23 L21.2 9",
    "O": _ROUND,
    "P": f"M11.6 23 L11.6 9 L16.7 9 {_BOWL}",
    "Q": f"{_ROUND} M18 18.8 L22.4 23.6",
    "R": f"M11.6 23 L11.6 9 L16.7 9 {_BOWL} M16.8 17.2 L21.2 23",
    "S": "M20.7 11.7 C19.9 10 18.3 9 16.1 9 C13.4 9 11.5 10.4 11.5 12.5 C11.5 14.7 13.3 15.4 16.1 16 "
    "C19.1 16.6 21 17.4 21 19.5 C21 21.6 19 23 16.1 23 C13.6 23 11.8 22 11 20.2",
    "T": "M10 9 L22 9 M16 9 L16 23",
    "U": "M10.9 9 L10.9 17.6 C10.9 21 12.9 23 16 23 C19.1 23 21.1 21 21.1 17.6 L21.1 9",
    "V": "M10 9 L16 23 L22 9",
    "W": "M7.8 9 L11.9 23 L16 11 L20.1 23 L24.2 9",
    "X": "M10.6 9 L21.4 23 M21.4 9 L10.6 23",
    "Y": "M10 9 L16 16.6 L22 9 M16 16.6 L16 23",
    "Z": "M11 9 L21 9 L11 23 L21 23",
    "0": "M16 9 C19.2 9 21 12 21 16 C21 20 19.2 23 16 23 C12.8 23 11 20 11 16 C11 12 12.8 9 16 9",
    "1": "M12.6 12 L16.8 9 L16.8 23",
    "2": "M11.4 12.8 C11.5 10.5 13.3 9 15.9 9 C18.6 9 20.4 10.6 20.4 12.9 "
    "C20.4 14.6 19.5 15.8 17.8 17.3 L11.3 23 L20.8 23",
    "3": "M11.6 11.6 C12.3 10 13.9 9 15.9 9 C18.4 9 20.1 10.4 20.1 12.3 C20.1 14.3 18.4 15.6 15.8 15.6 "
    "C18.7 15.6 20.6 17 20.6 19.3 C20.6 21.5 18.7 23 16 23 C13.7 23 11.9 21.9 11.2 20",
    "4": "M18.4 23 L18.4 9 L10.4 19.2 L21.8 19.2",
    "5": "M19.9 9 L12.7 9 L12 15.5 C13 14.7 14.3 14.2 15.8 14.2 C18.7 14.2 20.7 16 20.7 18.6 "
    "C20.7 21.2 18.7 23 15.8 23 C13.7 23 12 22.1 11.2 20.5",
    "6": "M11.3 18.6 C11.3 16 13.2 14.2 16 14.2 C18.8 14.2 20.7 16 20.7 18.6 C20.7 21.2 18.8 23 16 23 "
    "C13.2 23 11.3 21.4 11.3 17.8 C11.3 12.4 13.1 9 16.6 9 C18 9 19 9.5 19.8 10.4",
    "7": "M11 9 L21 9 L14.4 23",
    "8": "M16 15.6 C13.6 15.6 12 14.2 12 12.3 C12 10.4 13.6 9 16 9 C18.4 9 20 10.4 20 12.3 C20 14.2 18.4 15.6 16 15.6 "
    "C13.2 15.6 11.3 17.1 11.3 19.3 C11.3 21.5 13.2 23 16 23 C18.8 23 20.7 21.5 20.7 19.3 C20.7 17.1 18.8 15.6 16 15.6",
    "9": "M20.7 13.4 C20.7 16 18.8 17.8 16 17.8 C13.2 17.8 11.3 16 11.3 13.4 C11.3 10.8 13.2 9 16 9 "
    "C18.8 9 20.7 10.6 20.7 14.2 C20.7 19.6 18.9 23 15.4 23 C14 23 13 22.5 12.2 21.6",
}
MARKS = {
    "\u0300": "M14.4 5.6 L17 7.8",  # grave
    "\u0301": "M15 7.8 L17.6 5.6",  # acute
    "\u0302": "M13 7.9 L16 5.6 L19 7.9",  # circumflex
    "\u0303": "M12.6 7.6 C13.6 5.6 15 5.8 16 6.8 C17 7.8 18.4 8 19.4 6",  # tilde
    "\u0308": "M12.6 7 L12.6 7 M19.4 7 L19.4 7",  # diaeresis
    "\u030a": "M16 5.2 C17.2 5.2 18 6.1 18 7.2 C18 8.3 17.2 9.2 16 9.2 "
    "C14.8 9.2 14 8.3 14 7.2 C14 6.1 14.8 5.2 16 5.2",  # ring
    "\u030c": "M13 5.6 L16 7.9 L19 5.6",  # caron
}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pen: to where, past which two points that bend its way, or as a leap without a line."""

    to: Point
    bends: tuple[Point, ...] = ()
    leaps: bool = False


def drawing_of(initial: str) -> tuple[Step, ...] | None:
    """Draw a letter, also with a mark above it; None for one that we have no drawing of."""
    letter, *marks = list(unicodedata.normalize("NFD", initial)) or [""]
    if letter not in LETTERS or len(marks) > 1 or not set(marks) <= MARKS.keys():
        return None
    steps = _steps(LETTERS[letter])
    return (*map(_lowered, steps), *_steps(MARKS[marks[0]])) if marks else steps


def _steps(path: str) -> tuple[Step, ...]:
    """Read a path as SVG has it, of moves, lines and cubic curves to absolute places."""
    steps, words = [], iter(path.split())
    for word in words:
        bends = 2 if word[0] == "C" else 0
        points = [_point(word[1:], next(words)), *(_point(next(words), next(words)) for _ in range(bends))]
        steps.append(Step(points[-1], tuple(points[:-1]), leaps=word[0] == "M"))
    return tuple(steps)


def _point(x: str, y: str) -> Point:
    return float(x), float(y)


def _lowered(step: Step) -> Step:
    return Step(_low(step.to), tuple(_low(point) for point in step.bends), step.leaps)


def _low(point: Point) -> Point:
    share = (point[1] - TOP) / (BOTTOM - TOP)
    return point[0], round(LOW_TOP + share * (LOW_BOTTOM - LOW_TOP), 2)

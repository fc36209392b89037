"""SVG by hand: a card, lines, dots and words, readable in the light, in the dark, and on a phone."""

from collections.abc import Iterable, Sequence
from html import escape

WIDTH = 520.0
Point = tuple[float, float]
STYLE = """<style>
  text { font: 16px system-ui, sans-serif; fill: #24292f }
  .quiet { fill: #57606a; font-size: 15px } .strong { font-weight: 600 }
  .end { text-anchor: end } .middle { text-anchor: middle }
  .a { color: #0969da } .b { color: #bf6a02 } .c { color: #1a7f37 } .n { color: #8c959f }
  rect, circle, .area { fill: currentColor } .page { fill: #ffffff } .night { fill: #000000 }
  text.a, text.b, text.c { fill: currentColor; font-weight: 600 } text.lit { fill: #ffffff }
  .grid { stroke: #d0d7de } .axis { stroke: #8c959f } .mark { stroke: #57606a }
  .line { fill: none; stroke: currentColor; stroke-width: 2 } .thin { stroke-width: 1.2 }
  .dots { fill: none; stroke: currentColor; stroke-width: 8; stroke-linecap: round }
  .dash { stroke-dasharray: 4 4 } .soft { opacity: .16 } .some { opacity: .4 } .most { opacity: .65 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .quiet { fill: #9198a1 } .page { fill: #0d1117 } .night { stroke: #30363d }
    .a { color: #4493f8 } .b { color: #d68a2c } .c { color: #2ea043 } .n { color: #7d8590 }
    .grid { stroke: #30363d } .axis, .mark { stroke: #7d8590 } .soft { opacity: .24 }
  }
</style>"""


def number(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0")


class Paper:
    """`about` is the title, `told` says in words what is to be seen."""

    def __init__(self, height: float, about: str, told: str) -> None:
        self._height, self._about, self._told = height, about, told
        self._parts: list[str] = []

    def text(self, x: float, y: float, words: str, style: str = "") -> None:
        self._parts.append(f"<text{_class(style)} {_at(x=x, y=y)}>{escape(words, quote=False)}</text>")

    def rect(self, x: float, y: float, width: float, height: float, style: str, rx: float = 0.0) -> None:
        self._parts.append(f"<rect{_class(style)} {_at(x=x, y=y, width=width, height=height, rx=rx)}/>")

    def dot(self, x: float, y: float, style: str, r: float = 3.0) -> None:
        self._parts.append(f"<circle{_class(style)} {_at(cx=x, cy=y, r=r)}/>")

    def dots(self, x: Iterable[float], y: float, style: str) -> None:
        """Many in a row as one path of round ends; those that coincide are one."""
        places = sorted({number(at) for at in x}, key=float)
        if places:
            path = "".join(f"M{at} {number(y)}h0" for at in places)
            self._parts.append(f'<path{_class(f"dots {style}")} d="{path}"/>')

    def line(self, start: Point, end: Point, style: str = "grid") -> None:
        (x1, y1), (x2, y2) = start, end
        self._parts.append(f"<line{_class(style)} {_at(x1=x1, y1=y1, x2=x2, y2=y2)}/>")

    def curve(self, points: Iterable[Point], style: str) -> None:
        self._parts.append(f'<path{_class(f"line {style}")} d="{_path(list(points))}"/>')

    def area(self, points: Iterable[Point], style: str) -> None:
        self._parts.append(f'<path{_class(f"area {style}")} d="{_path(list(points))}Z"/>')

    def svg(self) -> str:
        size = f'width="{WIDTH:.0f}" height="{self._height:.0f}" viewBox="0 0 {WIDTH:.0f} {self._height:.0f}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(self._about)}</title>',
            f'<desc id="d">{escape(self._told)}</desc>',
            STYLE,
            f'<rect class="page" width="{WIDTH:.0f}" height="{self._height:.0f}" rx="8"/>',
        ]
        return "\n".join([*head, *self._parts, "</svg>"]) + "\n"


class Frame:
    """Where values lie on the paper."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], box: Sequence[float]) -> None:
        self._x, self._y = x, y
        self.left, self.top, self.right, self.bottom = box

    def x(self, value: float) -> float:
        low, high = self._x
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self._y
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def at(self, x: float, y: float) -> Point:
        return self.x(x), self.y(y)


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""


def _at(**places: float) -> str:
    return " ".join(f'{name}="{number(value)}"' for name, value in places.items() if name != "rx" or value)


def _path(points: list[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)

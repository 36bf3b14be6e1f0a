"""A small chart for each process: what it took over the run, and whether it keeps growing."""

from tests.faults.report import svg
from tests.faults.report.growth import Growth

WIDTH, HEIGHT = 230.0, 92.0
LEFT, TOP, BOTTOM = 38.0, 10.0, 8.0
MOST = 160
"""Points of one line."""


def growth_chart(growth: Growth, length: float, unit: float) -> str:
    """From 0 up, so that a flat line looks flat."""
    highest = max((value for life in growth.lives for _, value in life), default=1.0) / unit
    ticks = svg.round_ticks(max(highest, 1.0), 2)
    bottom = HEIGHT - BOTTOM
    across, up = svg.linear(0, length, LEFT, WIDTH - 4), svg.linear(0, ticks[-1], bottom, TOP)
    panel = svg.Panel(LEFT, TOP, WIDTH - 4 - LEFT, bottom - TOP, across, up)
    parts = panel.rules(ticks, svg.number)
    kind = "line grows" if growth.keeps_growing else "line one"
    for life in growth.lives:
        points = panel.at([(time, value / unit) for time, value in life[:: max(1, len(life) // MOST)]])
        parts.append(svg.path(points, kind) if len(points) > 1 else svg.dot(*points[0], 1.5, "lone"))
    return svg.drawing(WIDTH, HEIGHT, parts, f"{growth.what} of {growth.process}")

"""The picture is the same for the same figures, and names everyone in it."""

from pathlib import Path
from typing import Any

import pytest
from matplotlib.axes import Axes

from benchmarks.plot import draw

SCALES = [(0.01, 50.0, 130.0), (1.0, 1.2, 240.0), (100.0, 0.4, 390.0)]
SPEEDS = [("bronze-fixtures, scale full", 700_000.0, 2_000_000.0), ("Other", 300.0, 310.0)]


def test_same_figures_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        draw(SCALES, 1000, SPEEDS, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    text = files[0].read_text(encoding="utf-8")
    assert "<dc:date>" not in text
    assert all(name in text for name, _, _ in SPEEDS)
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_other_figures_another_file(tmp_path: Path) -> None:
    draw(SCALES, 1000, SPEEDS, tmp_path / "one.svg")
    draw(SCALES, 1000, SPEEDS[:1], tmp_path / "two.svg")
    assert "Other" not in (tmp_path / "two.svg").read_text(encoding="utf-8")


def test_bound_is_the_one_given_and_no_peak_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[tuple[float, ...]] = []
    set_ylim = Axes.set_ylim

    def spy(axes: Axes, *ends: float, **more: Any) -> Any:
        limits.extend([ends] if ends[:1] == (0,) else [])
        return set_ylim(axes, *ends, **more)

    monkeypatch.setattr(Axes, "set_ylim", spy)
    draw(SCALES, 700, SPEEDS, tmp_path / "low.svg")
    draw([*SCALES, (200.0, 0.4, 2000.0)], 700, SPEEDS, tmp_path / "high.svg")
    assert [(low, round(high)) for low, high in limits] == [(0, 770), (0, 2200)]
    assert "bound: 700" in (tmp_path / "low.svg").read_text(encoding="utf-8")

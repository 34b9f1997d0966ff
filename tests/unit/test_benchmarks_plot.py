"""The picture is the same for the same figures, and names everyone in it."""

from pathlib import Path

from benchmarks.plot import draw

SCALES = [(0.01, 50.0, 130.0), (1.0, 1.2, 240.0), (100.0, 0.4, 390.0)]
SPEEDS = [("bronze-fixtures, scale full", 700_000.0, 2_000_000.0), ("Other", 300.0, 310.0)]


def test_same_figures_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        draw(SCALES, SPEEDS, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    text = files[0].read_text(encoding="utf-8")
    assert "<dc:date>" not in text
    assert all(name in text for name, _, _ in SPEEDS)
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_other_figures_another_file(tmp_path: Path) -> None:
    draw(SCALES, SPEEDS, tmp_path / "one.svg")
    draw(SCALES, SPEEDS[:1], tmp_path / "two.svg")
    assert "Other" not in (tmp_path / "two.svg").read_text(encoding="utf-8")

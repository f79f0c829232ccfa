from __future__ import annotations

import io

import pytest
from figure_cases import GEOMETRIES

from benchmarks.faults import FaultKind, faults_of_gif
from symconv.errors import SymconvError
from symconv.figures.kinds import KINDS, frames
from symconv.figures.layout import Style, lay_out
from symconv.figures.looks import FILLS
from symconv.figures.palette import DARK, LIGHT, Ink
from symconv.figures.scene import Rectangle, Scene, Text
from symconv.figures.subject import Subject
from symconv.notation import GREEK, Notation

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
ImageChops = pytest.importorskip("PIL.ImageChops", reason="Pillow is not installed")


def scenes(name: str, case: str = "H5R3u2", notation: Notation | None = None) -> list[Scene]:
    return lay_out(frames(name, Subject(GEOMETRIES[case])), Style(notation or Notation()))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def without_text(image: Image.Image, scene: Scene) -> list[tuple[int, int, int]]:
    """Return the cells that hold a label and whose picture is of one colour all the same."""
    boxes = {i.cell: i for i in scene.items if isinstance(i, Rectangle) and i.cell}
    empty = []
    for item in scene.items:
        if isinstance(item, Text) and item.cell:
            box = boxes[item.cell]
            sides = box.x + 6, box.y + 6, box.x + box.width - 6, box.y + box.height - 6
            inside = image.crop(tuple(round(2 * side) for side in sides))
            if len(inside.getcolors(100_000)) < 3:
                empty.append(item.cell)
    return empty


@pytest.mark.parametrize("name", [name for name in KINDS if name != "wrong"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_no_text_is_dropped_from_a_cell(name: str, palette: dict[Ink, str]) -> None:
    from symconv.views import raster

    scene = scenes(name)[0]
    image = opened(raster.png(scene, palette, Notation())).convert("RGB")
    assert image.size == (round(scene.width * 2), round(scene.height * 2))
    assert without_text(image, scene) == []


def test_dropped_text_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from symconv.views import raster

    monkeypatch.setattr(raster._Canvas, "runs", lambda *given: None)
    scene = scenes("dilate")[0]
    image = opened(raster.png(scene, LIGHT, Notation())).convert("RGB")
    assert len(without_text(image, scene)) >= 4


def test_a_gif_has_every_step_for_as_long_as_it_rests_and_all_frames_differ() -> None:
    from symconv.views import raster

    drawn = scenes("filter-gradient")
    image = opened(raster.gif(drawn, LIGHT, Notation()))
    each = 1 + len(raster.ON_THE_WAY)
    assert image.n_frames == 9 * each
    assert image.size == (round(drawn[0].width), round(drawn[0].height))
    seen, seconds = [], []
    for k in range(image.n_frames):
        image.seek(k)
        seconds.append(image.info["duration"] / 1000)
        seen.append(image.convert("RGB").tobytes())
    assert len(set(seen)) == 9 * each
    for k, scene in enumerate(drawn):
        assert sum(seconds[k * each : (k + 1) * each]) == pytest.approx(scene.rest, abs=0.02)
        assert seconds[k * each] > max(seconds[k * each + 1 : (k + 1) * each])


@pytest.mark.parametrize("name", ["filter-gradient", "wrong"])
def test_a_step_of_a_gif_is_drawn_as_the_still_is(name: str) -> None:
    from symconv.views import raster

    drawn = scenes(name, "H6R3u2")
    shown = [image for image, _ in raster._frames(drawn, LIGHT, Notation())]
    each = len(shown) // len(drawn)
    for step, scene in enumerate(drawn):
        still = raster._Canvas(scene, LIGHT, Notation(), raster.GIF_SHARPNESS).image
        apart = ImageChops.difference(shown[step * each], still)
        assert sum(apart.convert("L").histogram()[16:]) < 0.002 * still.width * still.height


def test_between_steps_of_a_gif_the_window_is_on_its_way() -> None:
    from symconv.views import raster

    drawn = scenes("forward")[:2]
    image = opened(raster.gif(drawn, LIGHT, Notation()))
    (start,), (end,) = ([i.x for i in s.items if isinstance(i, Rectangle) and i.window]
                        for s in drawn)  # fmt: skip
    (top,) = (i.y for i in drawn[0].items if isinstance(i, Rectangle) and i.window)
    places = []
    for k in range(image.n_frames // 2):
        image.seek(k)
        row = [image.convert("RGB").getpixel((x, round(top))) for x in range(image.width)]
        places.append(row.index((0x1A, 0x1A, 0x1A)))
    expected = [start, *(start + (end - start) * part for part in raster.ON_THE_WAY)]
    assert places == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["wrong", "forward", "input-gradient", "filter-gradient"])
def test_every_cell_of_every_frame_of_a_gif_has_its_own_colour(
    name: str, palette: dict[Ink, str]
) -> None:
    from symconv.views import raster

    drawn = scenes(name, "H6R3u2")[-12:]
    data = raster.gif(drawn, palette, Notation())
    assert list(faults_of_gif(name, data, drawn, palette)) == []


@pytest.mark.parametrize("name", ["wrong", "forward"])
def test_a_gif_in_the_colours_of_its_first_frame_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from symconv.views import raster

    def in_those_of_the_first(images, palette):
        first = images[0].quantize(64)
        return [image.quantize(palette=first, dither=Image.Dither.NONE) for image in images]

    monkeypatch.setattr(raster, "_in_few_colours", in_those_of_the_first)
    drawn = scenes(name, "H6R3u2")
    data = raster.gif(drawn, LIGHT, Notation())
    assert {f.kind for f in faults_of_gif(name, data, drawn, LIGHT)} == {FaultKind.COLOUR}


def test_the_font_has_every_letter_that_a_notation_may_use() -> None:
    from symconv.views.raster import _has

    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,"
    assert all(_has(c, italic) for c in [*letters, *GREEK.values()] for italic in (True, False))
    assert all(_has(c, False) for c in "∂=+*·≠…().,:;'-")
    assert not _has("漢", False)


def test_a_character_that_the_font_lacks_is_an_error() -> None:
    from symconv.figures.labels import Word
    from symconv.views import raster

    scene = Scene(100, 40, (Text(50, 20, (Word("漢"),), 16, Ink.TEXT, 16),))
    with pytest.raises(SymconvError, match="cannot show; write SVG"):
        raster.png(scene, LIGHT, Notation())


def test_without_pillow_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from symconv.views import raster

    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(SymconvError, match=r"\[figures\]"):
        raster.png(scenes("dilate")[0], LIGHT, Notation())


def test_every_look_has_a_fill() -> None:
    from symconv.figures.frames import Look

    assert set(FILLS) == set(Look)

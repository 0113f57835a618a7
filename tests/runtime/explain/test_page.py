"""The page of an explanation: complete in itself, well formed, and no name is markup."""

import base64
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from explain_scenes import box, record

from numa_runtime.explain.page import advice, heading, page, page_path, paragraph, picture, table

VOID = {"meta", "img", "br"}


class Read(HTMLParser):
    """Reads a page, refusing tags that are not closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.urls, self.ids = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.urls += [value for name, value in attrs if name in ("src", "href")]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_a_life_is_one_page_with_its_pictures(tmp_path):
    explanation = record([[box(100), box(200)]] * 5 + [[box(200)]] * 4 + [[box(101), box(200)]] * 2).explain(
        1, {0: "<script>alert(1)</script>\x1b"}
    )
    *files, whole = explanation.save(tmp_path / "explain-1")
    assert whole == tmp_path / "explain-1.html"
    found = Read(whole.read_text(encoding="utf-8"))
    assert "script" not in found.tags
    assert "<script>alert(1)</script>\\x1b" in "".join(found.words)
    links = [url for url in found.urls if url.startswith("#")]
    assert [link[1:] for link in links] == found.ids == ["event-1", "event-2", "event-3"]
    pictures = [url for url in found.urls if not url.startswith("#")]
    written = [path for path in files if path.suffix in (".png", ".jpg")]
    assert [base64.b64decode(url.partition(",")[2]) for url in pictures] == [path.read_bytes() for path in written]
    assert all(event.text in "".join(found.words) for event in explanation.events)


def test_an_overview_is_a_page_too(tmp_path):
    overview = record([[box(100), box(200)]] * 5 + [[box(200)]] * 4).overview()
    folder = overview.save(tmp_path / "explain-all")
    found = Read((tmp_path / "explain-all.html").read_text(encoding="utf-8"))
    words = "".join(found.words)
    assert overview.lines()[0] in words
    assert "what one change gives" in words
    assert found.tags.count("tr") >= len(overview.changes) + 2
    assert found.urls == []
    assert folder == tmp_path / "explain-all"


def test_parts_are_made_of_text_only(tmp_path):
    evil = "\"><img src='http://there'>&"
    file = tmp_path / "a.png"
    cv2.imwrite(str(file), np.zeros((4, 4, 3), np.uint8))
    parts = [
        heading(evil, evil),
        paragraph(evil),
        advice([evil]),
        picture(file, evil),
        table(evil, (evil, "n"), [(evil, 1)], [evil]),
    ]
    found = Read(page(evil, parts))
    assert found.tags.count("img") == 1
    assert [url for url in found.urls if url.startswith("http")] == []
    assert (advice([]), table("none", ("a",), [])) == ("", "")


@pytest.mark.parametrize(("folder", "place"), [("out/v1.2", "out/v1.2.html"), ("/a/explain-7", "/a/explain-7.html")])
def test_the_page_lies_beside_the_folder(folder, place):
    assert page_path(Path(folder)) == Path(place)


def test_the_current_folder_has_a_name_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert page_path(Path(".")) == tmp_path.with_name(f"{tmp_path.name}.html")

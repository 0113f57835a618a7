from __future__ import annotations

import pytest

from numa_runtime.shown import public_url, shown, shown_lines, without_secrets

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("rtsp://10.0.0.5:554/cam1", "rtsp://10.0.0.5:554/cam1"),
        (f"rtsp://admin:{SECRET}@10.0.0.5:554/cam1", "rtsp://10.0.0.5:554/cam1"),
        (f"RTSP://{SECRET}@host", "RTSP://host"),
        (f"rtsp://admin:{SECRET}@2@host/cam1", "rtsp://host/cam1"),
        (f"rtsp://admin:a/{SECRET}@host/cam1", "rtsp://host/cam1"),
        (f"rtsp://admin:a?{SECRET}@host/cam1", "rtsp://host/cam1"),
        (f"rtsp://admin:a#{SECRET}@host/cam1", "rtsp://host/cam1"),
        (f"rtsp://admin:{SECRET}", "rtsp://admin:***"),
        (f"rtsp://[::1]:554/a?token={SECRET}", "rtsp://[::1]:554/a"),
        ("http://[::1]/a@2", "http://[::1]/a@2"),
        (f"http://host?token={SECRET}", "http://host"),
        (f"http://host:80?mail=a@{SECRET}", "http://host:80"),
        (f"http://host/x.m3u8#key={SECRET}", "http://host/x.m3u8"),
        (f"http://host/x;jsessionid={SECRET}", "http://host/x"),
        (f"https://cdn/exp=1~hmac={SECRET}/live.m3u8", "https://cdn/exp=1~hmac=***/live.m3u8"),
        (f"https://cdn/access_token={SECRET}/live.m3u8", "https://cdn/access_token=***/live.m3u8"),
        (f"srt://host:9000?passphrase={SECRET}", "srt://host:9000"),
        (f"rtsps+tls://u:{SECRET}@host/", "rtsps+tls://host/"),
        (f"cache:http://u:{SECRET}@host/a.mp4", "cache:http://host/a.mp4"),
        (f"http://proxy/http://u:{SECRET}@host/a.mp4", "http://proxy/http://host/a.mp4"),
    ],
)
def test_a_public_url_names_the_place_and_no_secret(url: str, public: str) -> None:
    assert public_url(url) == public
    assert without_secrets(f"'{url}' is gone") == f"'{public}' is gone"


def test_urls_are_found_in_sentences_and_paths_are_left_alone() -> None:
    text = f"rtsp:/u:{SECRET}@host/x is no file; concat:http://a:{SECRET}@h/1|http://b:{SECRET}@h/2"
    assert without_secrets(text) == "rtsp:/host/x is no file; concat:http://h/1|http://h/2"
    for path in ("C:/video/a@b.mp4", "/data/v:1/a@b?.mp4", "clip #2.mp4", "get it: https://host/a (free)"):
        assert without_secrets(path) == path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x1b[31mred\x07.mp4", r"a\x1b[31mred\x07.mp4"),
        ("a\nerror: b\r\t", r"a\nerror: b\r\t"),
        ("\x9b31m\u202egpj.exe\u2066", r"\x9b31m\u202egpj.exe\u2066"),
        ("b\udcff\udcfe.jpg", r"b\udcff\udcfe.jpg"),
        ("Größe 80 中 👨‍👩‍👧 [red]", "Größe 80 中 👨‍👩‍👧 [red]"),
    ],
)
def test_what_a_terminal_obeys_is_escaped(text: str, line: str) -> None:
    assert shown(text) == line
    shown(text).encode("utf-8")


def test_a_long_line_is_cut_and_says_so() -> None:
    assert shown("x" * 50, longest=20) == "x" * 20 + "... (30 more letters)"
    assert SECRET not in shown(f"rtsp://u:{SECRET}@host/" + "x" * 50, longest=12)
    assert shown_lines("a\x1b\nb") == "a\\x1b\nb"

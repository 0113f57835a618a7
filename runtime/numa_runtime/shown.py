"""Text from outside as people may see it: no secrets of URLs, nothing a terminal obeys, not endless."""

from __future__ import annotations

import re

LONGEST = 2000
"""Letters of one line that are shown; a name in a file's metadata can be megabytes long."""

HIDDEN = "***"

_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters (escape sequences begin with one), turns of writing direction, line ends, bytes without text."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+:/(?:/[^\s'\"<>|]+|[^\s'\"<>|/][^\s'\"<>|]*@[^\s'\"<>|]*)", re.IGNORECASE)
_USER = re.compile(r"[^/?#]*@|(?!\[)[^/?#:@]*:(?!\d*(?:[/?#]|$)).*@")
"""What comes before the host; the second kind has a password with "/", "?" or "#" in it."""

_NO_PORT = re.compile(r"^([^\[/:]*):(?!\d*(?:/|$))[^/]*")
_SECRET_PART = re.compile(
    r"([^/~&,]*(?:token|key|sig|hmac|auth|pass|pwd|secret|jwt|session|credential)[^/~&,=]*=)[^/~&,]+", re.IGNORECASE
)


def public_url(url: str) -> str:
    """Return a URL without user, password, query and fragment, as messages, names and results may show it.

    Values in the path that are named like a secret ("/token=.../") are hidden too.
    """
    scheme, separator, rest = re.match(r"([^/]*:)?(/*)(.*)", url, re.DOTALL).groups("")  # type: ignore[union-attr]
    user = _USER.match(rest)
    place = re.split(r"[?#;]", rest[user.end() :] if user else rest, maxsplit=1)[0]
    place = _NO_PORT.sub(rf"\1:{HIDDEN}", place)
    place = _SECRET_PART.sub(rf"\1{HIDDEN}", place)
    return f"{scheme}{separator}{without_secrets(place)}"


def without_secrets(text: str) -> str:
    """Return text with every URL in it in its public form."""
    return _URL.sub(lambda found: public_url(found.group()), text) if ":/" in text else text


def shown(text: object, longest: int = LONGEST) -> str:
    r"""Return text as one line that may be printed whatever it holds.

    Args:
        text: a name, a path, a sentence that holds some.
        longest: letters that are shown at most; how many are not is said.

    Returns:
        The text with control characters, surrogates and turns of direction escaped ("\x1b"), URLs in their public
        form.
    """
    line = str(text)
    more = len(line) - longest
    if more > 0:
        line = line[: longest + 200]  # what is cut off below ends no URL in its middle
    line = _OBEYED.sub(_escaped, without_secrets(line))
    return f"{line[:longest]}... ({more:,} more letters)" if more > 0 else line


def shown_lines(text: object) -> str:
    """Return text as `shown` does, its line ends kept."""
    return "\n".join(shown(line) for line in str(text).split("\n"))


def _escaped(letter: re.Match[str]) -> str:
    return letter.group().encode("unicode_escape").decode("ascii")

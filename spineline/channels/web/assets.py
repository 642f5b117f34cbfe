"""Files for browsers: compressed once at start, with a version that changes when they do."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.channels.web.script import PARTS, join_part, join_script, one_line

_TYPES = {
    ".json": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
_FRESH = "public, max-age=300, stale-while-revalidate=86400"
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is served. `version` names its content."""

    body: bytes
    zipped: bytes
    version: str
    content_type: str

    def answer(self, asked: Mapping[str, str], version: str | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request with these headers; `?v=<version>` may be cached for good."""
        etag = f'"{self.version}"'
        headers = {**_ANY_SITE, "ETag": etag, "Cache-Control": _FOR_GOOD if version == self.version else _FRESH}
        if etag in asked.get("if-none-match", "").replace("W/", ""):
            return 304, headers, b""
        if "gzip" not in asked.get("accept-encoding", ""):
            return 200, headers, self.body
        return 200, {**headers, "Content-Encoding": "gzip"}, self.zipped


def make_asset(body: bytes, content_type: str) -> Asset:
    """Compress and name a file's content."""
    return Asset(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:16], content_type)


def read_asset(path: Path) -> Asset:
    """A file of web/ as it is."""
    return make_asset(path.read_bytes(), _TYPES[path.suffix])


def part_assets(folder: Path, texts: Mapping[str, Any]) -> dict[str, Asset]:
    """What is fetched when it is needed, by name; an open window brings the style and the texts."""
    style = one_line((folder / "window.css").read_text(encoding="utf-8"))
    given: dict[str, dict[str, Any]] = {"window": {"STYLE": style, "TEXTS": texts}}
    return {part: make_asset(join_part(folder, part, given.get(part, {})).encode(), _TYPES[".js"]) for part in PARTS}


def script_asset(folder: Path, profile: Mapping[str, Any]) -> Asset:
    """The chat's script, joined from its modules, with the clinic's texts in it."""
    return make_asset(join_script(folder, profile, PARTS).encode(), _TYPES[".js"])

"""The files of the web client: each under an address that names its content, compressed once, and what imports what."""

import json
import re
from collections.abc import Iterator, Mapping
from gzip import compress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import NamedTuple

from app.lean import lean

ROOT = Path(__file__).parent / "web"
PREFIX = "/assets/"

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
"""Of what is served from below the folder; all else in it is for those who work on it, or has an address of its own."""

OUR_NAMES = {"dompurify": "js/dompurify.js"}
"""Bare names that lead to a module of ours, beside those that `VENDOR.json` gives to others' files."""

IMPORT = re.compile(r"""(?:^|[;\s}])(?:import|export)\s*(?:[\w$*\s{},]*?\bfrom\s*)?["']([^"'\n]+)["']""")
"""Of what is loaded with a module; `import()` has a bracket, and is for later."""


class File(NamedTuple):
    """`packed` is the body as gzip, or None where that is not smaller."""

    path: str
    mimetype: str
    body: bytes
    packed: bytes | None
    tag: str

    @property
    def address(self) -> str:
        path = PurePosixPath(self.path)
        return f"{PREFIX}{path.with_name(f'{path.stem}.{self.tag}{path.suffix}')}"

    @property
    def is_module(self) -> bool:
        return self.path.startswith(("js/", "vendor/"))


def a_file(path: str, body: bytes) -> File:
    packed = compress(body, 9, mtime=0)
    mimetype = TYPES.get(PurePosixPath(path).suffix, "text/html; charset=utf-8")
    return File(path, mimetype, body, packed if len(packed) < len(body) else None, sha256(body).hexdigest()[:12])


class WebFiles:
    """`by_path` as they are on disk, `by_address` as they are asked for.

    A module imports others by paths relative to its own. The hash is in the last part of an address, so such a path
    comes to the plain address of the other, which the import map leads to the one with the hash.
    """

    def __init__(self, root: Path = ROOT, *, lean: bool = False) -> None:
        """`lean`: without the comments of our own files."""
        self.root, self.lean = root, lean
        self.by_path: dict[str, File] = {}
        self.by_address: dict[str, File] = {}
        self.seen: dict[str, tuple[int, int]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Reads what has changed on disk since the last time."""
        there = dict(self._there())
        known = {path: file for path, file in self.by_path.items() if there.get(path) == self.seen.get(path)}
        self.by_path = {path: known.get(path) or self._read(path) for path in there}
        self.sheet = self._sheet()
        files = [self.sheet, *(file for file in self.by_path.values() if not _is_style(file))]
        self.by_address = {file.address: file for file in files}
        self.seen = there

    def _read(self, path: str) -> File:
        body = (self.root / path).read_bytes()
        is_ours = path.startswith(("js/", "css/"))
        return a_file(path, lean(path, body.decode()).encode() if self.lean and is_ours else body)

    def _there(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in sorted(self.root.rglob("*")):
            if path.suffix in TYPES and path.parent != self.root:
                state = path.stat()
                yield path.relative_to(self.root).as_posix(), (state.st_mtime_ns, state.st_size)

    def names(self) -> Mapping[str, str]:
        """The paths that bare names lead to."""
        listed = json.loads((self.root / "vendor" / "VENDOR.json").read_text())["packages"]
        files = [file for package in listed for file in package["files"] if "module" in file]
        return OUR_NAMES | {file["module"]: f"vendor/{file['path']}" for file in files}

    def import_map(self) -> str:
        by_name = {name: self.by_path[path].address for name, path in self.names().items() if path in self.by_path}
        by_path = {PREFIX + file.path: file.address for file in self.by_path.values() if file.is_module}
        return json.dumps({"imports": by_name | by_path}, separators=(",", ":"))

    def needed_by(self, entry: str) -> list[File]:
        """The modules that are loaded with this one, itself first, those that it imports behind it."""
        names, found, todo = self.names(), dict[str, File](), [entry]
        while todo:
            path = todo.pop(0)
            file = self.by_path.get(path)
            if file and path not in found:
                found[path] = file
                text = file.body.decode()
                todo += [names.get(name) or normpath(join(dirname(path), name)) for name in IMPORT.findall(text)]
        return list(found.values())

    def _sheet(self) -> File:
        """All styles in one, in the order of their names: together they are smaller than each alone."""
        return a_file("css/all.css", b"\n".join(file.body for file in self.by_path.values() if _is_style(file)))


def _is_style(file: File) -> bool:
    return file.path.startswith("css/")

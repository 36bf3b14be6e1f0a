"""PNGs of screens made small: at most 256 colours, each pixel a byte that names one of them."""

import base64
import struct
import zlib

from playwright.sync_api import Page

NAME_COLOURS = """async (png) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    const counts = new Map();
    for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const all = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
    const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
    const palette = all.slice(0, 256).map(parts), numbers = new Map(all.slice(0, 256).map((it, at) => [it, at]));
    for (const colour of all.slice(256)) {
        const distances = palette.map((it) => parts(colour).reduce((sum, part, at) => sum + (part - it[at]) ** 2, 0));
        numbers.set(colour, distances.indexOf(Math.min(...distances)));
    }
    let named = "";
    for (const colour of pixels) named += String.fromCharCode(numbers.get(colour));
    return { width, height, palette: palette.flat(), named: btoa(named) };
}"""


def with_palette(png: bytes, page: Page) -> bytes:
    """The same picture, as near as 256 of its colours come; `page` is any empty one, which does the reckoning."""
    found = page.evaluate(NAME_COLOURS, base64.b64encode(png).decode())
    width, height, named = found["width"], found["height"], base64.b64decode(found["named"])
    rows = b"".join(b"\0" + named[row * width : (row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

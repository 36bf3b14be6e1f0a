"""Reads QR codes off pictures, as the camera of a phone would."""

import base64

import zxingcpp
from playwright.sync_api import Page

GREY = """async (png) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let grey = "";
    for (let at = 0; at < data.length; at += 4) {
        grey += String.fromCharCode(Math.round((data[at] + data[at + 1] + data[at + 2]) / 3));
    }
    return { width, height, grey: btoa(grey) };
}"""


def read_qr_code(png: bytes, page: Page) -> str:
    """What the one code in a picture says; `page` is any empty one, which takes the picture apart."""
    found = page.evaluate(GREY, base64.b64encode(png).decode())
    pixels = memoryview(base64.b64decode(found["grey"])).cast("B", (found["height"], found["width"]))
    (code,) = zxingcpp.read_barcodes(pixels)
    assert "QR" in code.format.name
    return str(code.text)

"""Write a picture of flat colours as a small PNG with a palette: a third of what a browser writes."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# The browser itself reads the picture. Where it has more than 256 colours, near ones become the commonest of them.
COUNT = """async (address) => {
  const picture = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const often = new Map();
  for (const one of pixels) often.set(one, (often.get(one) ?? 0) + 1);
  const common = [...often.keys()].sort((one, other) => often.get(other) - often.get(one));
  let palette = common;
  let near = new Map();
  for (let step = 1; palette.length > 256 || !near.size; step += 1) {
    const cell = (one) => [0, 8, 16].map((shift) => Math.round(((one >>> shift) & 255) / step)).join();
    const first = new Map();
    for (const one of common) if (!first.has(cell(one))) first.set(cell(one), one);
    palette = [...first.values()];
    const place = new Map(palette.map((one, n) => [cell(one), n]));
    near = new Map(common.map((one) => [one, place.get(cell(one))]));
  }
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    rows.push(0); // the filter of the row: none
    for (const one of pixels.subarray(y * width, (y + 1) * width)) rows.push(near.get(one));
  }
  const colours = palette.flatMap((one) => [one & 255, (one >>> 8) & 255, (one >>> 16) & 255]);
  return [width, height, colours, rows];
}"""


def write_small(page: Page, png: bytes, path: Path) -> None:
    """Any PNG as one with a palette; `page` is an empty page that does the counting."""
    address = "data:image/png;base64," + base64.b64encode(png).decode()
    width, height, palette, rows = page.evaluate(COUNT, address)
    parts = {b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0), b"PLTE": bytes(palette)}
    parts |= {b"IDAT": zlib.compress(bytes(rows), 9), b"IEND": b""}
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts.items()))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

// @ts-check
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLORS = 256;

/**
 * Pixels as a PNG of 256 colours, which are enough for a page and less than half the bytes: those that are there most
 * often, and for every other the one that is nearest (PNG specification, colour type 3).
 * @param {{ width: number, height: number, pixels: Buffer }} picture red, green, blue and alpha of each
 * @returns {Buffer}
 */
export function toPng({ width, height, pixels }) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const color = pixels.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort(([color, count], [other, times]) => times - count || color - other)
    .slice(0, MOST_COLORS)
    .map(([color]) => color);
  const indices = new Map([...counts.keys()].map((color) => [color, toNearest(color, palette)]));
  const lines = Buffer.alloc(height * (width + 1));
  for (let at = 0; at < width * height; at += 1) {
    const line = Math.floor(at / width);
    lines[at + line + 1] = indices.get(pixels.readUIntBE(at * 4, 3)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colors = Buffer.from(palette.flatMap((color) => toChannels(color)));
  return Buffer.concat([
    SIGNATURE,
    toChunk('IHDR', header),
    toChunk('PLTE', colors),
    toChunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    toChunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * @param {number} color
 * @param {number[]} palette
 */
function toNearest(color, palette) {
  const channels = toChannels(color);
  const distances = palette.map((one) =>
    toChannels(one).reduce((sum, value, index) => sum + (value - (channels[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** @param {number} color */
const toChannels = (color) => [color >> 16, (color >> 8) & 255, color & 255];

/**
 * @param {string} type
 * @param {Buffer} data
 */
function toChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

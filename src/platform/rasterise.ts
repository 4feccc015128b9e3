/** SVG as PNG, without a browser. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { coverageOf, type Coverage } from './coverage';
import { systemFontsFor } from './systemFonts';
import { say } from '../words/say';

const FONTS = ['sans.ttf', 'sans-italic.ttf', 'sans-bold.ttf', 'mono.ttf', 'signs.ttf'];
const FAMILIES = {
  ...{ sansSerifFamily: 'Gatescope Sans', defaultFontFamily: 'Gatescope Sans' },
  monospaceFamily: 'Gatescope Mono',
};

/** What a PNG may have at most: 256 MB while it is made. */
const MOST_PIXELS = 2 ** 26;

export interface Rasterised {
  readonly png: Uint8Array;
  /** Characters that no font has. */
  readonly without: readonly string[];
}

/** Rejects with a RangeError where it would be too large, or what it is made with is not there. */
export async function rasterise(svg: string): Promise<Rasterised> {
  const [, width, height] = / width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  const pixels = Number(width) * Number(height);
  if (pixels > MOST_PIXELS) {
    throw new RangeError(
      say`the PNG would have ${Math.round(Number(width))} × ${Math.round(Number(height))} pixels, more than ${MOST_PIXELS}: take fewer steps or a smaller scale`,
    );
  }
  const { fonts, has } = await ready();
  const strange = [...new Set(textIn(svg))].filter((one) => !has.some((font) => font(one.codePointAt(0)!)));
  const more = await systemFontsFor(strange);
  const font = { fontBuffers: [...fonts, ...more.fonts], ...FAMILIES };
  const resvg = new Resvg(withBoxes(svg, more.without), { font });
  try {
    const image = resvg.render();
    try {
      return { png: image.asPng(), without: more.without };
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}

/**
 * With the sign for what is unknown in the place of characters that no font has: where one of a text is missing, resvg looks no
 * further for the others of it.
 */
function withBoxes(svg: string, characters: readonly string[]): string {
  if (characters.length === 0) return svg;
  const codes = characters.map((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return svg.replace(new RegExp(`[${codes.join('')}]`, 'gu'), '\ufffd');
}

/** What is written in it. */
function textIn(svg: string): string {
  return [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]*)</g)]
    .map(([, text]) => text.replace(/&\w+;/g, ''))
    .join('');
}

interface Ready {
  readonly fonts: readonly Uint8Array[];
  readonly has: readonly Coverage[];
}

let loading: Promise<Ready> | undefined;

function ready(): Promise<Ready> {
  return (loading ??= load());
}

async function load(): Promise<Ready> {
  const files = await Promise.all(FONTS.map((name) => readFile(partOf(name))));
  await initWasm(await readFile(partOf('resvg.wasm')));
  const fonts = files.map((file) => new Uint8Array(file));
  const has = await Promise.all(
    fonts.map((font) => coverageOf(async (offset, length) => font.subarray(offset, offset + length))),
  );
  return { fonts, has: has.flatMap((one) => one ?? []) };
}

/** Beside the command line where it is built; else where it is built from. */
function partOf(name: string): string {
  const folder = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  const places = [
    join(folder, 'picture', name),
    join(folder, 'fonts', name),
    ...(name.endsWith('.wasm') ? [join(folder, '../../node_modules/@resvg/resvg-wasm/index_bg.wasm')] : []),
  ];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new RangeError(
    say`PNG is made with ${name}, which is not beside the command line: write SVG instead`,
  );
}

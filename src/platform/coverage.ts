/** Which characters a font has, and can be drawn by: its table `cmap` (OpenType 1.9). */

/** Reads `length` bytes from `offset`; fewer where the file ends. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** Whether a font has a character. */
export type Coverage = (codePoint: number) => boolean;

/** A table that is larger is not looked at. */
const MOST_BYTES = 2 ** 22;
const MOST_TABLES = 256;
/** Where outlines stand. */
const OUTLINES = ['glyf', 'CFF ', 'CFF2'];

/**
 * Of the first font in a file of one or several; null where it is none that can be read, or its characters have no outlines
 * but images or layers of colour, which resvg 0.34 does not draw.
 */
export async function coverageOf(read: ReadBytes): Promise<Coverage | null> {
  const cmap = await tableOf(read);
  return cmap && coverageIn(new DataView(cmap.buffer, cmap.byteOffset, cmap.byteLength));
}

async function tableOf(read: ReadBytes): Promise<Uint8Array | null> {
  const viewOf = async (offset: number, length: number) => {
    const bytes = await read(offset, length);
    return bytes.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : null;
  };
  const begin = await viewOf(0, 16);
  if (!begin) return null;
  const at = tagOf(begin, 0) === 'ttcf' ? begin.getUint32(12) : 0;
  const head = await viewOf(at, 12);
  if (!head) return null;
  const count = Math.min(MOST_TABLES, head.getUint16(4));
  const tables = await viewOf(at + 12, 16 * count);
  if (!tables) return null;
  const places = new Map<string, readonly [offset: number, length: number]>();
  for (let k = 0; k < 16 * count; k += 16) {
    places.set(tagOf(tables, k), [tables.getUint32(k + 8), tables.getUint32(k + 12)]);
  }
  const [colour] = places.get('COLR') ?? [];
  const layered = colour !== undefined && (await viewOf(colour, 2))?.getUint16(0) !== 0;
  if (layered || !OUTLINES.some((tag) => places.has(tag))) return null;
  const [offset, length] = places.get('cmap') ?? [0, Infinity];
  return length <= MOST_BYTES ? read(offset, length) : null;
}

function tagOf(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
}

/** Of all that it says of Unicode, in the two forms that fonts have: segments of 16 bits, groups of 32. */
function coverageIn(table: DataView): Coverage | null {
  try {
    const subtables = Array.from({ length: table.getUint16(2) }, (_, k) => 4 + 8 * k)
      .filter((at) => [0, 3].includes(table.getUint16(at)))
      .map((at) => table.getUint32(at + 4));
    const ranges = subtables.flatMap((at) => {
      const format = table.getUint16(at);
      return format === 4 ? segmentsOf(table, at) : format === 12 ? groupsOf(table, at) : [];
    });
    return (codePoint) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

type Range = readonly [from: number, to: number];

function segmentsOf(table: DataView, at: number): Range[] {
  const twice = table.getUint16(at + 6);
  return Array.from({ length: twice / 2 }, (_, k): Range => {
    const to = table.getUint16(at + 14 + 2 * k);
    return [table.getUint16(at + 16 + twice + 2 * k), to];
  });
}

function groupsOf(table: DataView, at: number): Range[] {
  return Array.from({ length: Math.min(table.getUint32(at + 12), MOST_BYTES / 12) }, (_, k): Range => {
    const group = at + 16 + 12 * k;
    return [table.getUint32(group), table.getUint32(group + 4)];
  });
}

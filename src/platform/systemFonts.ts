/** The fonts of this computer, for characters that the bundled ones lack. */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { coverageOf } from './coverage';

const foldersOfSystem = () => [
  ...['/usr/share/fonts', '/usr/local/share/fonts', '/System/Library/Fonts', '/Library/Fonts'],
  ...[join(homedir(), '.local/share/fonts'), join(homedir(), '.fonts'), join(homedir(), 'Library/Fonts')],
  ...(process.env.WINDIR ? [join(process.env.WINDIR, 'Fonts')] : []),
];

/** Plain ones with many characters come first. */
const LIKELY =
  /cjk.*regular|nanumgothic\.|malgun\.|applesdgothic|msyh\.|yugoth|msgothic|dejavusans\.|unifont/i;
const MOST_FILES = 4000;
const MOST_BYTES = 64 * 2 ** 20;

/** Fonts that have characters, as few as may be, and the characters that none of them has. */
export async function systemFontsFor(
  characters: readonly string[],
  folders: readonly string[] = foldersOfSystem(),
): Promise<{ readonly fonts: readonly Uint8Array[]; readonly without: readonly string[] }> {
  const fonts: Uint8Array[] = [];
  let without = [...characters];
  for (const file of without.length > 0 ? await filesIn(folders) : []) {
    if (without.length === 0) break;
    await opened(file, async (handle) => {
      const { size } = await handle.stat();
      if (size > MOST_BYTES) return;
      const has = await coverageOf((offset, length) => bytesOf(handle, offset, Math.min(length, size)));
      const left = without.filter((character) => !has?.(character.codePointAt(0)!));
      if (left.length === without.length) return;
      fonts.push(await bytesOf(handle, 0, size));
      without = left;
    });
  }
  return { fonts, without };
}

async function filesIn(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      return names.filter((name) => /\.(ttf|otf|ttc)$/i.test(name)).map((name) => join(folder, name));
    }),
  );
  const files = found.flat().sort();
  return [...files.filter((file) => LIKELY.test(file)), ...files.filter((file) => !LIKELY.test(file))].slice(
    0,
    MOST_FILES,
  );
}

/** A file that cannot be read is left out. */
async function opened(file: string, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(file).catch(() => null);
  try {
    if (handle) await use(handle).catch(() => undefined);
  } finally {
    await handle?.close();
  }
}

async function bytesOf(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverageOf } from '../../../src/platform/coverage';
import { systemFontsFor } from '../../../src/platform/systemFonts';

const FONTS = join(import.meta.dirname, '../../../src/platform/fonts');

describe('fonts of the computer', () => {
  it('are those that have the characters, as few as may be', async () => {
    const { fonts, without } = await systemFontsFor(['a', '⏎', '한'], [FONTS]);
    assert.deepEqual(without, ['한']);
    assert.equal(fonts.length, 2);
    assert.deepEqual(await systemFontsFor([], [FONTS]), { fonts: [], without: [] });
    assert.deepEqual(await systemFontsFor(['a'], ['/no/such/folder']), { fonts: [], without: ['a'] });
  });

  it('that are broken are left out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatescope-fonts-'));
    try {
      writeFileSync(join(folder, 'empty.ttf'), '');
      writeFileSync(join(folder, 'text.ttf'), 'no font at all, and yet called one');
      writeFileSync(join(folder, 'wild.ttc'), Buffer.concat([Buffer.from('ttcf'), Buffer.alloc(40, 255)]));
      assert.deepEqual(await systemFontsFor(['a'], [folder]), { fonts: [], without: ['a'] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** A font of tables. */
  function fontOf(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
    const all = Object.entries(tables);
    const head = 12 + 16 * all.length;
    const font = new Uint8Array(head + all.reduce((sum, [, { length }]) => sum + length, 0));
    const view = new DataView(font.buffer);
    font.set([0, 1, 0, 0, 0, all.length]);
    let at = head;
    all.forEach(([tag, table], k) => {
      const entry = 12 + 16 * k;
      font.set(
        [...tag].map((letter) => letter.charCodeAt(0)),
        entry,
      );
      view.setUint32(entry + 8, at);
      view.setUint32(entry + 12, table.length);
      font.set(table, at);
      at += table.length;
    });
    return font;
  }

  const coverage = (font: Uint8Array) =>
    coverageOf(async (offset, length) => font.subarray(offset, offset + length));

  it('have what their tables say, whatever the tables say', async () => {
    const table = new Uint8Array(64);
    new DataView(table.buffer).setUint16(2, 60000);
    assert.equal(await coverage(fontOf({ cmap: table, glyf: new Uint8Array(4) })), null);
  });

  it('that have no outlines, but images or layers of colour, are none that draw', async () => {
    const cmap = new Uint8Array(40);
    const view = new DataView(cmap.buffer);
    const numbers = [
      ...([0, 1, 3, 10] as const), // one table, of Unicode
      ...([0, 12] as const), // where it begins
      ...([12, 0, 0, 28, 0, 0] as const), // groups of 32 bits
      ...([0, 1, 0x1, 0xf600] as const), // one, from U+1F600
      ...([0x1, 0xf600, 0, 1] as const), // to there
    ];
    numbers.forEach((number, k) => view.setUint16(2 * k, number));
    const smile = 0x1f600;
    const glyf = new Uint8Array(4);
    assert.equal((await coverage(fontOf({ cmap, glyf })))!(smile), true);
    assert.equal((await coverage(fontOf({ cmap, glyf, COLR: new Uint8Array(14) })))!(smile), true);
    assert.equal(await coverage(fontOf({ cmap, CBDT: new Uint8Array(4) })), null);
    assert.equal(await coverage(fontOf({ cmap, glyf, COLR: Uint8Array.of(0, 1) })), null);
    assert.equal(await coverage(fontOf({ glyf })), null);
  });
});

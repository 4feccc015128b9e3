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

  it('have what their tables say, whatever the tables say', async () => {
    const table = new Uint8Array(64);
    const view = new DataView(table.buffer);
    view.setUint16(2, 60000);
    const font = new Uint8Array(128);
    font.set([0, 1, 0, 0, 0, 1]);
    font.set(
      [...'cmap'].map((letter) => letter.charCodeAt(0)),
      12,
    );
    new DataView(font.buffer).setUint32(20, 64);
    new DataView(font.buffer).setUint32(24, 64);
    font.set(table, 64);
    assert.equal(await coverageOf(async (offset, length) => font.subarray(offset, offset + length)), null);
  });
});

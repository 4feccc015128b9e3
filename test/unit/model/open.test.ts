import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { openSource } from '../../../src/model/open';
import { readModel } from '../../../src/model/read';
import { MemoryFolder } from './support';

async function opened(content: string | Uint8Array) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file = {
    size: bytes.byteLength,
    read: (from: number, to: number) => Promise.resolve(bytes.slice(from, to)),
  };
  const source = { fileName: 'm.bin', folder: new MemoryFolder(), limits: DEFAULT_LIMITS };
  return openSource(file, source);
}

async function message(content: string | Uint8Array) {
  return (await readModel(await opened(content))).problems[0].message;
}

describe('a model file', () => {
  it('is text where it is UTF-8 without control characters, or begins like JSON', async () => {
    const latin = Uint8Array.from('{ "name": "\xe9" }', (character) => character.charCodeAt(0));
    for (const content of [
      '',
      '{}',
      '\uFEFF {}',
      '// é\n{}',
      'hello',
      '12',
      `[${' '.repeat(20)}"\0"]`,
      latin,
    ]) {
      assert.ok('text' in (await opened(content)), String(content));
    }
    assert.ok('text' in (await opened(`"${'é'.repeat(5000)}"`)), 'cut within a character');
  });

  it('is binary where there are control characters further on, or bytes that are no UTF-8', async () => {
    const numbers = new Uint8Array(Float32Array.of(0.1, -0.3, 0.7, 0).buffer);
    for (const content of [numbers, numbers.subarray(0, 12), 'hello, hello \0', '\0{']) {
      assert.ok('bytes' in (await opened(content)), String(content));
    }
    assert.match(
      await message(numbers),
      /^"m\.bin" is no text, and no model file that is known here; known models are/,
    );
  });

  it('that is something else is called by its name', async () => {
    const kinds: [number[] | string, RegExp][] = [
      [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], /^"m\.bin" is a PNG image; known models are/],
      [[0xff, 0xd8, 0xff, 0xe0, 0], /a JPEG image/],
      [[0x1f, 0x8b, 8, 0], /a gzip archive/],
      [[0x7f, 0x45, 0x4c, 0x46, 2, 1], /an ELF program/],
      ['%PDF-1.7\n\0', /a PDF document/],
      ['PK\x05\x06'.padEnd(22, '\0'), /an empty ZIP archive/],
      ['PK\x03\x04'.padEnd(30, '\0') + 'notes.txt', /a ZIP archive, but none of Keras;/],
      [[0xff, 0xfe, 0x7b, 0], /text in UTF-16/],
    ];
    for (const [content, kind] of kinds) {
      const text = await message(typeof content === 'string' ? content : Uint8Array.from(content));
      assert.match(text, kind);
      assert.ok(text.length < 280, text);
    }
  });
});

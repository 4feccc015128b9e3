import assert from 'node:assert/strict';
import type { ByteSource } from '../../../../src/files/folder';
import { TensorFileError } from '../../../../src/model/tensors/bytes';
import { readHeader, readTensor, writeSafetensors } from '../../../../src/model/tensors/safetensors';
import { f32, rawSafetensors, safetensors } from '../support';

function source(bytes: Uint8Array): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    size: bytes.byteLength,
    reads,
    read(start, end) {
      reads.push([start, end]);
      return Promise.resolve(bytes.subarray(start, end));
    },
  };
}

function rejects(bytes: Uint8Array, message: RegExp): Promise<void> {
  return assert.rejects(readHeader(source(bytes)), (error) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

const entry = (fields: object) =>
  JSON.stringify({ dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields });

describe('safetensors', () => {
  it('reads names, shapes and values, and only the bytes that it is asked for', async () => {
    const file = source(safetensors({ a: f32([2, 2], [1, 2, 3, 4]), b: f32([], [5]), c: f32([0], []) }));
    const tensors = await readHeader(file);
    assert.deepEqual(
      [...tensors.values()].map(({ name, shape }) => [name, shape]),
      [
        ['a', [2, 2]],
        ['b', []],
        ['c', [0]],
      ],
    );
    const b = tensors.get('b');
    assert.ok(b);
    assert.deepEqual([...(await readTensor(file, b))], [5]);
    assert.deepEqual(
      file.reads.map(([start, end]) => end - start),
      [8, b.start - 16 - 8, 4],
    );
  });

  it('converts F16, BF16 and F64', async () => {
    const bytes = (...numbers: number[]) => Uint8Array.from(numbers);
    const file = source(
      safetensors({
        // 1, −2, the largest half, the smallest subnormal half, infinity, NaN
        half: {
          dtype: 'F16',
          shape: [6],
          bytes: bytes(0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 0x7c, 0, 0x7e),
        },
        // 1, −2, 3.140625
        brain: { dtype: 'BF16', shape: [3], bytes: bytes(0x80, 0x3f, 0, 0xc0, 0x49, 0x40) },
        double: { dtype: 'F64', shape: [2], bytes: new Uint8Array(Float64Array.of(0.1, -1e300).buffer) },
      }),
    );
    const tensors = [...(await readHeader(file)).values()];
    const values = await Promise.all(tensors.map((tensor) => readTensor(file, tensor)));
    assert.deepEqual([...values[0]], [1, -2, 65504, 2 ** -24, Infinity, NaN]);
    assert.deepEqual([...values[1]], [1, -2, 3.140625]);
    assert.deepEqual([...values[2]], [Math.fround(0.1), -Infinity]);
  });

  it('gives values that do not share memory with the file', async () => {
    const bytes = safetensors({ a: f32([1], [1]) });
    const file = source(bytes);
    const [tensor] = (await readHeader(file)).values();
    const values = await readTensor(file, tensor);
    bytes.fill(0);
    assert.equal(values[0], 1);
  });

  it('keeps names such as __proto__', async () => {
    const tensors = await readHeader(
      source(safetensors({ ['__proto__']: f32([1], [1]), constructor: f32([1], [2]) })),
    );
    assert.deepEqual([...tensors.keys()], ['__proto__', 'constructor']);
  });

  it('passes over metadata and types of integers until they are asked for', async () => {
    const header = `{"__metadata__":{"format":"pt"},"n":${entry({ dtype: 'I64', shape: [], data_offsets: [0, 8] })}}`;
    const file = source(rawSafetensors(header, Array(8).fill(0)));
    const tensor = (await readHeader(file)).get('n');
    assert.ok(tensor);
    await assert.rejects(
      readTensor(file, tensor),
      /tensor "n" has type "I64"; expected F32, F64, F16 or BF16/,
    );
  });

  it('says at which offset a file is truncated', async () => {
    const whole = safetensors({ a: f32([2], [1, 2]) });
    await rejects(whole.subarray(0, 3), /8 bytes at offset 0 .* found 3/);
    await rejects(whole.subarray(0, 30), /length at offset 0 says \d+ bytes, but only 22 follow/);
    await rejects(
      whole.subarray(0, whole.length - 1),
      /tensor "a" ends at offset \d+, but the file has \d+ bytes/,
    );
  });

  it('refuses a header of 2^60 bytes, and one beyond the format’s bound, without taking memory', async () => {
    const file = source(rawSafetensors('{}', [], 2n ** 60n));
    await assert.rejects(readHeader(file), /1152921504606846976 bytes/);
    assert.deepEqual(file.reads, [
      [0, 8],
      [0, 10],
    ]);
    await rejects(rawSafetensors('{}', [], 2n ** 64n - 1n), /at most 100000000/);
  });

  it('refuses offsets that lie', async () => {
    const one = (fields: object, data = 4) => rawSafetensors(`{"a":${entry(fields)}}`, Array(data).fill(0));
    await rejects(one({ data_offsets: [0, 8] }, 8), /takes 4 bytes, but data_offsets span 8/);
    await rejects(one({ data_offsets: [4, 0] }), /start ≤ end, found \[4, 0\]/);
    await rejects(one({ data_offsets: [0, 4, 4] }), /found \[0, 4, 4\]/);
    await rejects(one({ data_offsets: [-4, 0] }), /whole number of at least 0, found -4/);
    await rejects(one({ data_offsets: [0, 1e300] }), /whole number/);
    await rejects(one({ data_offsets: [4, 8] }, 8), /leaves a gap/);
    await rejects(one({}, 5), /tensors end at offset \d+, but the file has/);
    await rejects(one({ shape: [2 ** 52, 2 ** 52] }), /more elements than can be stored/);
    await rejects(one({ shape: [-1] }), /whole number/);
    await rejects(one({ shape: 'x' }), /expected a list/);
    await rejects(rawSafetensors(`{"a":${entry({})},"b":${entry({})}}`, [0, 0, 0, 0]), /"b" overlaps/);
  });

  it('refuses headers that are no proper JSON, with the offset', async () => {
    await rejects(rawSafetensors('{"a":'), /header at offset 13/);
    await rejects(rawSafetensors('[]'), /expected an object/);
    await rejects(rawSafetensors('{"a":1}'), /a: expected an object, found 1/);
    await rejects(rawSafetensors('{"a":{"dtype":"F32"}}'), /tensor "a": expected the key "shape"/);
    await rejects(rawSafetensors(`{"a":${entry({})},"a":${entry({})}}`, [0, 0, 0, 0]), /"a" is given twice/);
    await rejects(rawSafetensors('{"a":'.repeat(100_000)), /nested more than/);
    await rejects(rawSafetensors('// comment\n{}'), /expected no comment/);
    const invalid = rawSafetensors('{"a":1}');
    invalid[10] = 0xff;
    await rejects(invalid, /not UTF-8/);
  });

  it('recognises PyTorch’s own files', async () => {
    const bytes = (text: string) => Uint8Array.from(text.padEnd(40), (character) => character.charCodeAt(0));
    await rejects(bytes('PK\x03\x04\x00\x00\x08\x08'), /found a ZIP archive/);
    await rejects(bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46'), /found a PyTorch file.*save_file/);
  });

  it('writes what it reads, the same bytes for the same tensors', async () => {
    const a = { shape: [2, 2], data: Float32Array.of(1, -0, Infinity, 1e-40) };
    const b = { shape: [], data: Float32Array.of(0.1) };
    const none = { shape: [0], data: new Float32Array(0) };
    const written = writeSafetensors(new Map([['b', b], ['__proto__', none], ['가', a]])); // prettier-ignore
    assert.deepEqual(writeSafetensors(new Map([['가', a], ['b', b], ['__proto__', none]])), written); // prettier-ignore
    const file = source(written);
    const tensors = await readHeader(file);
    assert.deepEqual([...tensors.keys()], ['__proto__', 'b', '가']);
    for (const [name, { shape, data }] of [
      ['가', a],
      ['b', b],
      ['__proto__', none],
    ] as const) {
      // prettier-ignore
      assert.deepEqual(tensors.get(name)!.shape, shape);
      assert.deepEqual(await readTensor(file, tensors.get(name)!), data);
    }
    assert.equal(tensors.get('__proto__')!.start % 8, 0);
  });

  it('writes these bytes, by hand', () => {
    const header = '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
    const expected = [56, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), 0, 0, 0x80, 0x3f];
    assert.deepEqual(
      [...writeSafetensors(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]))],
      expected,
    );
  });
});

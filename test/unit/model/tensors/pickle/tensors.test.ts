/** The numbers of pickled tensors, against those that PyTorch gives. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TensorFileError } from '../../../../../src/model/tensors/bytes';
import { isPickle, openPickle } from '../../../../../src/model/tensors/pickle';
import { opaqueIn, stateDictsIn } from '../../../../../src/model/tensors/pickle/stateDict';
import { bytesToRead, readTensor } from '../../../../../src/model/tensors/pickle/tensor';
import { PickledTensor, Storage } from '../../../../../src/model/tensors/pickle/values';
import { typeOfStorage } from '../../../../../src/model/tensors/pickle/elementTypes';
import { openTensorFile } from '../../../../../src/model/tensors/tensorFile';
import { bytes, global, PROTOCOL_2, source } from './write';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/pickles');
const content = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));
const LIMITS = { limits: { memory: 1 << 24 } };

const open = (file: Uint8Array, memory = LIMITS.limits.memory) =>
  openPickle(source(file), file.subarray(0, 4096), { limits: { memory } });

interface Expected {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values?: readonly number[];
}

const VALUES = JSON.parse(readFileSync(join(FIXTURES, 'views.values.json'), 'utf8')) as Record<
  string,
  Expected
>;

const tensorsIn = async (name: string) => {
  const file = await open(content(name));
  return { file, tensors: new Map(stateDictsIn(file.value).flatMap(({ tensors }) => [...tensors])) };
};

describe('pickled tensors', () => {
  for (const name of ['views.pt', 'views-legacy.pt']) {
    it(`${name}: views of every kind are as PyTorch says`, async () => {
      const { file, tensors } = await tensorsIn(name);
      assert.deepEqual([...tensors.keys()], Object.keys(VALUES));
      for (const [key, tensor] of tensors) {
        const { type, shape, values } = VALUES[key];
        assert.deepEqual([tensor.type.name, tensor.shape], [type, shape], key);
        if (values) assert.deepEqual([...(await readTensor(key, tensor, file.records))], values, key);
        else
          await assert.rejects(
            readTensor(key, tensor, file.records),
            new RegExp(`has type ${type}; expected float32`),
          );
      }
    });
  }

  it('that are quantised stand for what PyTorch says, with a scale for all or for each place of an axis', async () => {
    const { file, tensors } = await tensorsIn('quantised-tensors.pt');
    const expected = JSON.parse(readFileSync(join(FIXTURES, 'quantised-tensors.values.json'), 'utf8'));
    assert.deepEqual([...tensors.keys()], Object.keys(expected));
    for (const [key, tensor] of tensors) {
      const values = [...(await readTensor(key, tensor, file.records))];
      const wanted = (expected[key] as number[][]).flat();
      assert.equal(values.length, wanted.length);
      wanted.forEach((value, k) => assert.ok(Math.abs(value - values[k]) < 1e-7, `${key} ${k}`));
    }
    assert.equal([...tensors.values()].filter(({ quantiser }) => quantiser).length, 3);
  });

  it('that are quantised need as many scales as places', async () => {
    const { file, tensors } = await tensorsIn('quantised-tensors.pt');
    const { storage, type, shape, strides, quantiser } = tensors.get('extra')!;
    const wrong = new PickledTensor(storage, type, { offset: 0, shape, strides }, { ...quantiser!, axis: 0 });
    await assert.rejects(
      readTensor('extra', wrong, file.records),
      /tensor "extra": expected a scale for each of the 3 places of its axis 0, found \[2\] of type float64/,
    );
  });

  it('that share a storage are read from their own part of it alone', async () => {
    const whole = content('views.pt');
    const file = source(whole);
    const { value, records } = await openPickle(file, whole.subarray(0, 4096), LIMITS);
    const [{ tensors }] = stateDictsIn(value);
    file.reads.length = 0;
    await readTensor('weight_ih_l0', tensors.get('weight_ih_l0')!, records);
    const sizes = file.reads.map(([start, end]) => end - start);
    assert.ok(
      sizes.every((size) => size <= 4 * 12 * 2),
      String(sizes),
    );
  });

  it('say what reading them takes beside their numbers', async () => {
    const { tensors } = await tensorsIn('views.pt');
    const taken = (key: string) => bytesToRead(tensors.get(key)!);
    // The first as it is; the second with everything between its first and last number, converted.
    assert.deepEqual([taken('weight_ih_l0'), taken('sliced'), taken('empty')], [96, 4 * 17 * 2, 0]);
  });

  it('that reach out of their storage are refused, and the others are read', async () => {
    const type = typeOfStorage('torch.FloatStorage')!;
    const storage = new Storage(type, 4, { in: 'record', key: '0' });
    const records = { bigEndian: false, open: async () => source(new Uint8Array(12)) };
    const read = (offset: number, shape: number[], strides: number[]) =>
      readTensor('t', new PickledTensor(storage, type, { offset, shape, strides }), records);
    assert.equal((await read(0, [3], [1])).length, 3);
    await assert.rejects(read(2, [3], [1]), /"t" takes the bytes 8 to 20 of storage "0", which has 16/);
    await assert.rejects(read(0, [2, 2], [2 ** 40, 1]), /of storage "0", which has 16/);
    await assert.rejects(read(0, [4], [1]), /of storage "0", of which the file has 12/);
    const missing = { bigEndian: false, open: async () => undefined };
    const tensor = new PickledTensor(storage, type, { offset: 0, shape: [1], strides: [1] });
    await assert.rejects(readTensor('t', tensor, missing), /of storage "0", which is missing/);
  });

  it('of a file that is cut off say so', async () => {
    const whole = content('views-legacy.pt');
    const { value, records } = await open(whole.slice(0, -40));
    const [{ tensors }] = stateDictsIn(value);
    const results = await Promise.allSettled(
      [...tensors].map(([name, tensor]) => readTensor(name, tensor, records)),
    );
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    for (const result of results) {
      if (result.status === 'rejected')
        assert.match(result.reason.message, /which is missing|of which the file has/);
    }
  });
});

describe('files of PyTorch', () => {
  it('are known by their first bytes', () => {
    for (const name of ['top.pt', 'model.pth', 'scripted.pt', 'numpy.pt'])
      assert.ok(isPickle(content(name)), name);
    for (const other of ['PK\x03\x04', '{}', '\x80\x01', '']) assert.ok(!isPickle(bytes(other)), other);
  });

  it("are not joblib's or scikit-learn's, but may name them", () => {
    const named = global('sklearn.preprocessing', 'LabelEncoder');
    assert.ok(!isPickle(bytes(PROTOCOL_2, named)));
    assert.ok(!isPickle(bytes(PROTOCOL_2, global('joblib.numpy_pickle', 'NumpyArrayWrapper'))));
    assert.ok(isPickle(bytes(content('views-legacy.pt').subarray(0, 14), named)));
  });

  it('in the tar form of its first versions are named', async () => {
    const tar = new Uint8Array(1024);
    tar.set(bytes('sys_info'));
    tar.set(bytes('ustar'), 257);
    assert.ok(isPickle(tar));
    await assert.rejects(open(tar), /a tar archive, as PyTorch's first versions wrote/);
  });

  it('without an object, or of another protocol, are refused', async () => {
    const legacy = content('views-legacy.pt');
    const otherProtocol = legacy.slice();
    const at = legacy.findIndex(
      (byte, k) => byte === 0x4d && legacy[k + 1] === 0xe9 && legacy[k + 2] === 0x03,
    );
    otherProtocol[at + 1] = 0;
    await assert.rejects(open(otherProtocol), /expected the protocol version 1001/);
    await assert.rejects(open(content('top.pt').slice(0, 200)), TensorFileError);
  });

  it('with long lists and many keys beside the tensors are looked through in bounds', async () => {
    const many = bytes('](', 'N'.repeat(300_000), 'e');
    const keys = Array.from({ length: 150_000 }, (_, k) => bytes('U', 6, String(k).padStart(6), 'N'));
    const { value } = await open(
      bytes(PROTOCOL_2, '}(U', 1, 'a', many, 'U', 1, 'b}(', Buffer.concat(keys), 'uu.'),
      1 << 26,
    );
    assert.deepEqual([stateDictsIn(value), opaqueIn(value, new Set()).size], [[], 0]);
  });

  it('with one state dict are files of tensors', async () => {
    const { tensors, read } = await openTensorFile(source(content('lightning.ckpt')), LIMITS);
    assert.deepEqual(tensors.get('model.fc.weight'), { shape: [2, 3], float: true, bytesToRead: 24 });
    assert.equal((await read('model.fc.bias')).length, 2);
    await assert.rejects(read('other'), /"other" is missing/);
    await assert.rejects(
      openTensorFile(source(content('several.pt')), LIMITS),
      /found 2, under "encoder", "decoder"/,
    );
  });
});

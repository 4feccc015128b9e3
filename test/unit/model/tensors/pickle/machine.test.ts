import assert from 'node:assert/strict';
import { TensorFileError } from '../../../../../src/model/tensors/bytes';
import { Budget } from '../../../../../src/model/tensors/pickle/budget';
import { unpickle, type Unpickled } from '../../../../../src/model/tensors/pickle/machine';
import {
  Dict,
  Global,
  List,
  NumpyArray,
  NumpyScalar,
  Opaque,
  SetOfValues,
  Tuple,
  type Value,
} from '../../../../../src/model/tensors/pickle/values';
import { bytes, call, global, PROTOCOL_2, source, text, uint32, uint64 } from './write';

const MEMORY = 1 << 20;

function load(content: Uint8Array, memory = MEMORY): Promise<Unpickled> {
  return unpickle(source(content), 0, { budget: new Budget({ memory }) });
}

async function valueOf(...parts: readonly (string | number | Uint8Array)[]): Promise<Value> {
  return (await load(bytes(...parts, '.'))).value;
}

/** Plain JavaScript, for comparisons. */
function plain(value: Value): unknown {
  if (value instanceof List || value instanceof Tuple) return value.items.map(plain);
  if (value instanceof SetOfValues) return new Set(value.items.map(plain));
  if (value instanceof Dict)
    return new Map([...value.entries].map(([key, item]) => [plain(key), plain(item)]));
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Global) return value.name;
  return value;
}

function refuses(content: Uint8Array, message: RegExp, memory = MEMORY): Promise<void> {
  return assert.rejects(load(content, memory), (error) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

describe('a pickle', () => {
  it('of the first protocols holds text with escapes, however long', async () => {
    const long = 'x'.repeat(200_000);
    const cases: [string, Value][] = [
      ["S'a\\x62\\'\\n\\\\\\101'\n", "ab'\n\\A"],
      ['S"it\'s"\n', "it's"],
      ['Va\\u000a\\U0001f600\xe9\n', 'a\n😀é'],
      [`V${long}\n`, long],
      [`S'${long}'\n`, long],
    ];
    for (const [part, expected] of cases) assert.equal(await valueOf(part), expected);
    assert.deepEqual(plain(await valueOf("S'\\xff\\x00'\n")), [255, 0]);
    await refuses(bytes('V', 'x'.repeat(300_000)), /a line does not end/);
    await refuses(bytes('V', 'x'.repeat(300_000)), /more memory than the limit/, 1 << 17);
    await refuses(bytes('I', '1'.repeat(200_000), '\n.'), /a line does not end/);
  });

  it('holds numbers of every length', async () => {
    const cases: [string | Uint8Array, Value][] = [
      ['K\xff', 255],
      ['M\x01\x02', 513],
      ['J\xfe\xff\xff\xff', -2],
      ['\x8a\x00', 0],
      ['\x8a\x02\xff\x00', 255],
      ['\x8a\x01\xff', -1],
      ['\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01', 2n ** 64n],
      [bytes('\x8b', uint32(2), '\x00\x80'), -32768],
      ['I-12\n', -12],
      ['I01\n', true],
      ['L4294967296L\n', 4294967296],
      ['F-0.5\n', -0.5],
      ['G\x3f\xf8\x00\x00\x00\x00\x00\x00', 1.5],
      ['\x88', true],
      ['\x89', false],
      ['N', null],
    ];
    for (const [part, expected] of cases) assert.deepEqual(await valueOf(part), expected);
  });

  it('holds text and bytes', async () => {
    const cases: [string | Uint8Array, unknown][] = [
      [text('ab'), 'ab'],
      ['\x8c\x02\xc3\xa9', 'é'],
      [bytes('\x8d', uint64(2n), 'ab'), 'ab'],
      ["S'ab'\n", 'ab'],
      ['Vab\n', 'ab'],
      ['U\x02ab', 'ab'],
      ['U\x01\xff', [255]],
      [bytes('T', uint32(1), 'a'), 'a'],
      ['C\x02\x00\x01', [0, 1]],
      [bytes('B', uint32(1), '\x07'), [7]],
      [bytes('\x8e', uint64(1n), '\x07'), [7]],
      [bytes('\x96', uint64(1n), '\x07'), [7]],
      [bytes(global('_codecs', 'encode'), text('a'), text('latin1'), '\x86R'), [97]],
      [bytes(global('__builtin__', 'bytearray'), text('b'), text('latin-1'), '\x86R'), [98]],
    ];
    for (const [part, expected] of cases) assert.deepEqual(plain(await valueOf(part)), expected);
  });

  it('holds containers, within each other and themselves', async () => {
    const cases: [string, unknown][] = [
      [']K\x01a', [1]],
      ['](K\x01K\x02e', [1, 2]],
      ['(K\x01K\x02l', [1, 2]],
      ['(K\x01K\x02t', [1, 2]],
      ['K\x01K\x02\x86', [1, 2]],
      [')', []],
      ['}K\x01K\x02s', new Map([[1, 2]])],
      [
        '}(K\x01K\x02K\x03)u',
        new Map<unknown, unknown>([
          [1, 2],
          [3, []],
        ]),
      ],
      ['(K\x01K\x02d', new Map([[1, 2]])],
      ['\x8f(K\x01\x90', new Set([1])],
      ['(K\x01\x91', new Set([1])],
      ['K\x05q\x01K\x060h\x01\x86', [5, 5]],
      ['K\x052\x86', [5, 5]],
      ['K\x05(K\x061', 5],
    ];
    for (const [part, expected] of cases) assert.deepEqual(plain(await valueOf(part)), expected);
    const own = await valueOf(']\x94h\x00a');
    assert.ok(own instanceof List && own.items[0] === own);
  });

  it('makes what PyTorch allows, and no more', async () => {
    const pairs = '](K\x01K\x02\x86e\x85R';
    const cases: [string, unknown][] = [
      [global('collections', 'OrderedDict') + ')R', new Map()],
      [global('collections', 'OrderedDict') + pairs, new Map([[1, 2]])],
      [global('collections', 'Counter') + '}K\x01K\x02s\x85R', new Map([[1, 2]])],
      [
        global('collections', 'defaultdict') + global('builtins', 'dict') + '\x85RK\x01K\x02s',
        new Map([[1, 2]]),
      ],
      [global('builtins', 'set') + ']K\x01a\x85R', new Set([1])],
      [global('torch', 'Size') + 'K\x02\x85\x85R', [2]],
      [global('torch', 'float32'), 'torch.float32'],
      [global('builtins', 'complex') + 'K\x01K\x02\x86R', [1, 2]],
    ];
    for (const [part, expected] of cases) {
      const { value, refused } = await load(bytes(part, '.'));
      assert.deepEqual(plain(value), expected);
      assert.deepEqual([...refused], []);
    }
  });

  it("holds numpy's arrays and numbers", async () => {
    const dtype = (code: string, order: string) =>
      bytes(
        global('numpy', 'dtype'),
        text(code),
        '\x89\x88\x87R(K\x03',
        text(order),
        'NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb',
      );
    const array = (shape: string, fortran: string, type: Uint8Array, data: Uint8Array) =>
      valueOf(
        global('numpy.core.multiarray', '_reconstruct'),
        global('numpy', 'ndarray'),
        bytes('K\x00\x85C\x01b\x87R(K\x01', shape, type, fortran, 'C', data.byteLength, data, 'tb'),
      );
    const rows = await array('K\x02K\x03\x86', '\x89', dtype('f4', '<'), new Uint8Array(24));
    assert.ok(rows instanceof NumpyArray);
    assert.deepEqual(
      [rows.tensor?.shape, rows.tensor?.strides],
      [
        [2, 3],
        [3, 1],
      ],
    );
    const columns = await array('K\x02K\x03\x86', '\x88', dtype('f8', '>'), new Uint8Array(48));
    assert.ok(columns instanceof NumpyArray && columns.tensor?.storage.bytes.in === 'pickle');
    assert.deepEqual([columns.tensor.strides, columns.tensor.type.name], [[1, 2], 'float64']);
    assert.equal(columns.tensor.storage.bytes.bigEndian, true);
    const objects = await array('K\x01\x85', '\x89', dtype('O8', '|'), new Uint8Array(8));
    assert.ok(objects instanceof NumpyArray && !objects.tensor);
    const one = await valueOf(
      global('numpy._core.multiarray', 'scalar'),
      dtype('f8', '<'),
      'C\x08',
      new Uint8Array(8),
      '\x86R',
    );
    assert.ok(one instanceof NumpyScalar);
  });

  it('calls nothing: the names of what it would call stand in its place', async () => {
    const gadgets = [
      call('posix', 'system', 'touch pwned'),
      call('builtins', 'eval', '1'),
      call('__builtin__', 'eval', '1'),
      bytes('\x8c\x05posix\x8c\x06system\x93', text('id'), '\x85R'),
      bytes('(iposix\nsystem\n'),
      bytes('(', global('posix', 'system'), text('id'), 'o'),
      bytes(global('subprocess', 'Popen'), ')\x81'),
      bytes(global('subprocess', 'Popen'), ')}\x92'),
      bytes(
        global('copyreg', '_reconstructor'),
        '(',
        global('posix', 'system'),
        global('builtins', 'object'),
        'NtR',
      ),
    ];
    for (const gadget of gadgets) {
      const { value, refused } = await load(bytes(PROTOCOL_2, gadget, '.'));
      assert.ok(value instanceof Opaque, String(gadget));
      assert.deepEqual([...refused], [value.of]);
    }
    // What is called last is the attribute of a module.
    const attribute = bytes(global('builtins', 'getattr'), global('os', 'path'), text('x'), '\x86R)R');
    const { refused } = await load(bytes(attribute, '.'));
    assert.deepEqual([...refused], ['builtins.getattr']);
  });

  it('keeps the state, the items and the entries of an object that is not made', async () => {
    const value = await valueOf(global('m', 'C'), ')\x81}K\x01K\x02sbK\x03aK\x04K\x05s');
    assert.ok(value instanceof Opaque && value.of === 'm.C');
    assert.deepEqual(
      [plain(value.state), value.items, [...value.entries]],
      [new Map([[1, 2]]), [3], [[4, 5]]],
    );
  });

  it('names what it does not give its arguments to', async () => {
    const { value, refused } = await load(bytes(global('torch._utils', '_rebuild_tensor_v2'), 'K\x01\x85R.'));
    assert.ok(value instanceof Opaque);
    assert.deepEqual([...refused], ['torch._utils._rebuild_tensor_v2']);
  });

  it('is read piece by piece, and no further than its end', async () => {
    const long = 'x'.repeat(200_000);
    const file = source(bytes(text(long), text('y'), '\x86.', new Uint8Array(500_000)));
    const { value, end } = await unpickle(file, 0, { budget: new Budget({ memory: MEMORY }) });
    assert.deepEqual(plain(value), [long, 'y']);
    assert.equal(end, 200_013);
    assert.ok(file.reads.every(([start, to]) => to - start <= 200_000 + (1 << 16)));
    assert.ok(file.reads.at(-1)![1] < 350_000);
  });

  it('says where it is damaged', async () => {
    const cases: [string | Uint8Array, RegExp][] = [
      ['', /expected 1 bytes at offset 0, found 0: the pickle is cut off/],
      ['K', /expected 1 bytes at offset 1, found 0/],
      ['\xfe', /at offset 0: 0xfe is no opcode that is known/],
      ['.', /at offset 0: there is no value to take/],
      ['(.', /at offset 1: there is no value/],
      ['(K\x01a', /at offset 3: /],
      ['t', /there is no mark/],
      ['h\x07', /the memo has no value 7/],
      ['K\x01K\x02a', /expected a list or a set/],
      ['K\x01K\x02K\x03s', /expected a dict/],
      ['}(K\x01u', /a key of a dict has no value/],
      ['K\x01K\x02\x93', /expected the names of a module/],
      [`c${'m'.repeat(2000)}\nx\n`, /a name of at most 1000 characters/],
      ['K\x01Q', /refers to something outside/],
      ['\x82\x01', /classes by their numbers are not read/],
      ['\x97', /bytes outside of the pickle are not read/],
      ['Iabc\n', /expected a whole number, found "abc"/],
      ['Iab', /a line does not end/],
      [bytes('X', uint32(1000), 'ab'), /expected 1000 bytes at offset 5, found 2: the pickle is cut off/],
      [bytes('\x8d', uint64(1n << 60n)), /expected 11529215046068\d+ bytes at offset 9, found 0/],
    ];
    for (const [content, message] of cases) {
      await refuses(typeof content === 'string' ? bytes(content) : content, message);
    }
  });

  it('takes no more than its limits', async () => {
    await refuses(bytes('('.repeat(20_000)), /a depth of at most 10000/);
    await refuses(bytes(']'.repeat(100_000)), /more memory than the limit of 1\.0 MB/);
    await refuses(bytes(text('x'.repeat(5000)), '.'), /more memory than the limit/, 4096);
    // A list of many, copied again and again by a few bytes each.
    const copies = (global('builtins', 'list') + 'h\x00\x85R0').repeat(100);
    await refuses(bytes(']\x94(', 'N'.repeat(10_000), 'e', copies, '.'), /more memory than the limit/);
  });

  it('is given up where it is cancelled', async () => {
    const work = new AbortController();
    work.abort();
    const options = { budget: new Budget({ memory: MEMORY }), signal: work.signal };
    await assert.rejects(unpickle(source(bytes('N.')), 0, options), { name: 'AbortError' });
  });
});

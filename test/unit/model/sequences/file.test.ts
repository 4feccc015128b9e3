import assert from 'node:assert/strict';
import { WaveFile } from 'wavefile';
import { stepsWithin, traceBytes } from '../../../../src/engine/plan';
import type { Network } from '../../../../src/model/network';
import { random } from '../../../../src/model/random';
import { openSequence, type FileReading } from '../../../../src/model/sequences/file';
import { cutSequence, parseWindow, type StepRange } from '../../../../src/model/sequences/window';
import { codes, readKeys } from '../support';

const LIMIT = 1 << 20;

const networkWith = async (input: object): Promise<Network> => (await readKeys({ input })).network!;
const AUDIO = networkWith({ kind: 'vector', size: 1 });

function open(network: Network, name: string, content: string | Uint8Array, limit = LIMIT) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  return openSequence(network, name, { size: bytes.length, read }, { memory: limit });
}

async function values({ file, problems }: FileReading, window?: StepRange): Promise<number[]> {
  const sequence = (await file?.read(window))?.sequence;
  assert.ok(sequence?.kind === 'vector', JSON.stringify(problems));
  return [...sequence.values];
}

/** As the wavefile library writes it. */
function wav(channels: number, bits: string, samples: readonly number[] | readonly number[][]): Uint8Array {
  const writer = new WaveFile();
  writer.fromScratch(channels, 48000, bits, samples as number[]);
  return writer.toBuffer();
}

const SHAPE = [0, 0.5, -1, 0.25, 0.75, -0.125];

describe('text files', () => {
  it('lose the line break at their end, unless it is a token', async () => {
    const input = { kind: 'token', split: 'char', vocabulary: ['a', 'b'] };
    for (const [vocabulary, expected] of [
      [['a', 'b'], 'ab'],
      [['a', 'b', '\n'], 'ab\n'],
    ] as const) {
      const { file, problems } = await open(await networkWith({ ...input, vocabulary }), 'x.txt', 'ab\n');
      const sequence = (await file?.read())?.sequence;
      assert.ok(sequence?.kind === 'token', JSON.stringify(problems));
      assert.equal(sequence.tokens.join(''), expected);
    }
  });
});

describe('WAV files', () => {
  for (const [bits, scale] of [
    ['16', 2 ** 15],
    ['24', 2 ** 23],
    ['32', 2 ** 31],
    ['32f', 1],
  ] as const) {
    const samples = SHAPE.map((value) => value * scale);
    it(`of ${bits} bits are read from −1 to 1, whole and in part`, async () => {
      const reading = await open(await AUDIO, 'x.wav', wav(1, bits, samples));
      assert.deepEqual(reading.problems, []);
      assert.equal(reading.file?.steps, SHAPE.length);
      assert.deepEqual(await values(reading), SHAPE);
      assert.deepEqual(await values(reading, { from: 2, steps: 3 }), SHAPE.slice(2, 5));
    });

    it(`of ${bits} bits and several channels give the first`, async () => {
      const other = samples.map(() => 0.1 * scale);
      const reading = await open(await AUDIO, 'x.WAV', wav(3, bits, [samples, other, other]));
      assert.deepEqual(await values(reading), SHAPE);
      assert.deepEqual(codes(reading), ['warning first-channel']);
    });
  }

  it('are taken as they are, with a word where the model is for another rate', async () => {
    const audio = wav(1, '32f', SHAPE);
    for (const [sampleRate, expected] of [
      [48000, []],
      [44100, ['warning sample-rate']],
    ] as const) {
      const reading = await open({ ...(await AUDIO), sampleRate }, 'x.wav', audio);
      assert.deepEqual(codes(reading), expected);
      assert.deepEqual(await values(reading), SHAPE);
    }
  });

  it('may have other chunks, and a size that was left open', async () => {
    const file = wav(1, '16', [1 << 14, -(1 << 14)]);
    const junk = [...new TextEncoder().encode('LIST'), 3, 0, 0, 0, 1, 2, 3, 0];
    const longer = Uint8Array.from([...file.subarray(0, 12), ...junk, ...file.subarray(12)]);
    assert.deepEqual(await values(await open(await AUDIO, 'x.wav', longer)), [0.5, -0.5]);
    new DataView(file.buffer, file.byteOffset).setUint32(40, 0xffff_ffff, true);
    const streamed = await open(await AUDIO, 'x.wav', file);
    assert.deepEqual(streamed.problems, []);
    assert.deepEqual(await values(streamed), [0.5, -0.5]);
  });

  it('that are cut off give what is there, with a warning', async () => {
    const reading = await open(await AUDIO, 'x.wav', wav(1, '16', [0, 1 << 14, 7]).subarray(0, 49));
    assert.deepEqual(codes(reading), ['warning truncated']);
    assert.deepEqual(await values(reading), [0, 0.5]);
  });

  it('are for models that read one number', async () => {
    const file = wav(1, '16', [1]);
    const conditioned = await open(await networkWith({ kind: 'vector', size: 2 }), 'x.wav', file);
    assert.match(conditioned.problems[0].message, /reads 2 numbers per step; expected a CSV table or JSON/);
    const tokens = await networkWith({ kind: 'token', split: 'char', vocabulary: ['a'] });
    assert.match((await open(tokens, 'x.wav', file)).problems[0].message, /reads tokens.*found a WAV file/);
  });

  const whole = wav(2, '16', [
    [1, 2],
    [3, 4],
  ]);
  const changed = (at: number, value: number, bytes = 2) => {
    const file = whole.slice();
    for (let k = 0; k < bytes; k++) file[at + k] = (value >> (8 * k)) & 0xff;
    return file;
  };
  for (const [what, file, message] of [
    ['of another kind', new TextEncoder().encode('OggS and so on'), /expected a WAV file.*found "OggS"/],
    ['without any bytes', new Uint8Array(), /expected a WAV file/],
    ['without audio', whole.subarray(0, 36), /expected the chunks "fmt " and "data", found "fmt "/],
    ['of no samples', whole.subarray(0, 44), /holds no audio/],
    ['of 8 bits', changed(34, 8), /16, 24 or 32 bits or of float32, found format 1 with 8 bits/],
    ['with compressed audio', changed(20, 0x55), /found format 85 with 16 bits/],
    ['without channels', changed(22, 0), /says 0 channels of 16 bits, but 4 bytes/],
    ['with frames of no bytes', changed(32, 0), /but 0 bytes for all of them/],
    ['with a short format', changed(16, 4, 4), /has 4 bytes; expected at least 16|expected the chunks/],
  ] as const) {
    it(`${what} are refused`, async () => {
      const { file: opened, problems } = await open(await AUDIO, 'x.wav', file);
      assert.equal(opened, undefined);
      assert.match(problems.at(-1)!.message, message);
    });
  }

  it('are checked against the limit before memory is taken, part by part', async () => {
    const { file } = await open(await AUDIO, 'x.wav', wav(1, '16', SHAPE), 32);
    await assert.rejects(file!.read(), /6 samples would take 48 bytes; the limit is 32 bytes/);
    assert.equal((await file!.read({ from: 1, steps: 4 })).sequence?.steps, 4);
  });

  it('that are not finite are refused', async () => {
    const { file } = await open(await AUDIO, 'x.wav', wav(1, '32f', [0, NaN]));
    await assert.rejects(file!.read(), /sample 1: expected a number, found NaN/);
  });

  it('spoilt in any way never throw, hang or take memory', async () => {
    const { uniform } = random(1);
    const chunk = [...new TextEncoder().encode('LIST'), 0, 0, 0, 0];
    const chunks = Uint8Array.from([...whole.subarray(0, 12), ...Array(20_000).fill(chunk).flat()]);
    for (let round = 0; round < 500; round++) {
      const file = round === 0 ? chunks : whole.slice(0, Math.ceil(uniform() * whole.length));
      for (let k = 0; round > 0 && k < 4; k++)
        file[Math.floor(uniform() * file.length)] ^= 1 << (uniform() * 8);
      const reading = await open(await AUDIO, 'x.wav', file);
      assert.equal(
        reading.file === undefined,
        reading.problems.some(({ severity }) => severity === 'error'),
      );
      if (reading.file) assert.equal((await reading.file.read()).sequence?.steps, reading.file.steps);
    }
  });
});

/** Keeps what is read of a file. */
function counting(text: string) {
  const bytes = new TextEncoder().encode(text);
  const read: [number, number][] = [];
  const source = {
    size: bytes.length,
    read: async (start: number, end: number) => {
      read.push([start, end]);
      return bytes.subarray(start, end);
    },
  };
  return { source, read };
}

describe('tables in files', () => {
  it('are counted without being parsed, and read in part', async () => {
    const rows = Array.from({ length: 300_000 }, (_, k) => String(k));
    const { source, read } = counting(`v\n${rows.join('\n')}\n\n`);
    const { file } = await openSequence(await AUDIO, 'x.csv', source, { memory: 1 << 30 });
    assert.equal(file?.steps, 300_000);
    const blocks = Math.ceil(source.size / 2 ** 20);
    assert.deepEqual([read.length, read.at(-1)], [blocks + 1, [0, 2]], 'once through, and the header');
    const part = await file.read({ from: 200_000, steps: 3 });
    assert.ok(part.sequence?.kind === 'vector');
    assert.deepEqual([...part.sequence.values], [200_000, 200_001, 200_002]);
    const [start, end] = read.at(-1)!;
    assert.deepEqual([read.length, end - start], [2 * blocks + 2, 21], 'once through, and three rows');
  });

  it('count as many steps as are read, and read every part with its lines', async () => {
    const network = await AUDIO;
    for (const text of [
      '',
      'v',
      'v\n',
      '\n1',
      '1',
      '1\n2\n',
      'v\n1\n2\n3',
      '\uFEFFv\r\n1\r\n2\r\n3\r\n\r\n \r\n',
      'v\r1\r2\r3\r',
      '"v\nw"\n1\n"2"\n3\n\n',
      'v,w\n1,"a\n""b"\n2,"\n"\r\nx,3\n4,4',
      'v\n1\n\n3\n',
    ]) {
      const { file, problems: faults } = await open(network, 'x.csv', text);
      if (!file) {
        assert.match(faults[0].message, /the sequence is empty/, JSON.stringify(text));
        continue;
      }
      const whole = await file.read();
      assert.equal(whole.sequence?.steps ?? file!.steps, file!.steps, JSON.stringify(text));
      for (let from = 0; from < file!.steps; from++) {
        const { sequence, problems } = await file!.read({ from, steps: 1 });
        const row = JSON.stringify([text, from]);
        if (whole.sequence) {
          assert.deepEqual(sequence, cutSequence(network, whole.sequence, { from, steps: 1 }), row);
        } else {
          const errors = problems.filter(({ severity }) => severity === 'error');
          assert.equal(sequence === undefined, errors.length > 0, row);
          for (const { message, place } of errors) {
            assert.ok(
              whole.problems.some((known) => known.message === message),
              `${row}: ${message}`,
            );
            assert.ok(
              whole.problems.some((known) => known.place.line === place.line),
              row,
            );
          }
        }
      }
    }
  });

  it('name the line of a fault in a part as the file has it', async () => {
    const { file } = await open(await AUDIO, 'x.csv', 'v,w\n1,"a\nb"\n2,c\nx,d\n5,"e\n');
    const bad = (await file!.read({ from: 2, steps: 1 })).problems.at(-1)!;
    assert.equal(bad.place.line, 5);
    assert.match(bad.message, /line 5, column "v": expected a number, found "x"/);
    const unclosed = (await file!.read({ from: 3 })).problems.at(-1)!;
    assert.match(unclosed.message, /line [67]: a field begins with a quote/);
  });
});

describe('JSON and text in files', () => {
  const BLOCK = 1 << 20;
  const token = (more: object = {}) =>
    networkWith({ kind: 'token', split: 'char', vocabulary: ['?'], unknown: '?', ...more });
  const words = { split: 'word', prefix: ['?'], suffix: ['?', '?'] };

  it('are counted in one pass, a block at a time, and nothing of them is parsed', async () => {
    const limits = { memory: 1 << 30 };
    for (const [name, network, text, steps] of [
      ['x.json', await AUDIO, `[${'[1],'.repeat(1_000_000)} not JSON`, 1_000_001],
      ['x.json', await token(), `["${'ab'.repeat(900_000)}", 1, `, 2],
      ['x.json', await token(), `"${'ab'.repeat(900_000)}" not JSON`, 1_800_000],
      ['x.txt', await token(), 'äb'.repeat(700_000), 1_400_000],
      ['x.txt', await token(words), 'äb '.repeat(700_000), 700_003],
    ] as const) {
      const { source, read } = counting(text);
      const { file, problems } = await openSequence(network, name, source, limits);
      assert.deepEqual([file?.steps, problems], [steps, []]);
      const blocks = Array.from({ length: Math.ceil(source.size / BLOCK) }, (_, k) => [
        k * BLOCK,
        Math.min((k + 1) * BLOCK, source.size),
      ]);
      assert.deepEqual(read, blocks);
    }
  });

  /** Whether as many steps are counted as are read, wherever in `text` a block of the file ends; `pad` is no step in JSON. */
  async function agrees(network: Network, name: string, text: string, pad: string) {
    const whole = (await (await open(network, name, text)).file!.read()).sequence;
    assert.ok(whole, text);
    const inBytes = new TextEncoder().encode(text).length;
    for (let end = 0; end <= inBytes; end++) {
      const before = BLOCK - end;
      const { file } = await open(network, name, pad.repeat(before) + text, 1 << 30);
      const padding = name.endsWith('txt') && pad !== ' ' ? before : 0;
      assert.equal(file?.steps, whole.steps + padding, JSON.stringify([text, end]));
      for (const [further, { steps }] of whole.more ?? []) {
        assert.equal(file.more?.get(further)?.steps, steps, JSON.stringify([text, end, further]));
      }
    }
  }

  it('count as many steps as are read, wherever a block ends', async () => {
    const { network: two } = await readKeys({
      input: { kind: 'token', split: 'char', vocabulary: ['?'], unknown: '?' },
      layers: [
        { name: 'si"de', type: 'input', sequence: { kind: 'vector', size: 1 } },
        { name: 'emb', type: 'embedding', input: 'input', embedding_dim: 1 },
        { name: 'sum', type: 'merge', mode: 'add', input: ['emb', 'si"de'] },
      ],
    });
    for (const [network, text] of [
      [await AUDIO, '[[1], [2e1]/* ], [*/, // ,\n [-3] ,]'],
      [await token(), '["a", "]", "\\"", "\\u005d,"]'],
      [await token(), '[0, 0,0\n]'],
      [await token(), '"e\\u0301\\ud83d\\ude00\\n😀e\u0301"'],
      [await token(words), '" a\\u2003b \u00e9 "'],
      [two!, '{"si\\"de": [[1], [2], [3]], "input": "abc"}'],
      [two!, '{"input": ["a", "[", "c", "d"], /*"input": [*/ "si\\u0022de": [[1]] }'],
    ] as const) {
      await agrees(network, 'x.json', text, ' ');
    }
  });

  it('count as many tokens of a text as are read, wherever a block ends', async () => {
    for (const [more, text] of [
      [{}, 'e\u0301\u0327x\u1100\u1161\u11a8😀\u{11099}\u{110ba}\r\n'],
      [{ vocabulary: ['?', '\n'] }, 'é\u0301\n'],
      [{ lowercase: true }, 'İI\u0307ΣΑΣ'],
      [words, ' a\u2003b\u0085e\u0301 😀\u00a0\n'],
    ] as const) {
      await agrees(await token(more), 'x.txt', text, more === words ? ' ' : 'a');
    }
  });

  it('that hold no steps are refused as before', async () => {
    for (const [text, message] of [
      ['[]', /the sequence is empty/],
      ['', /the file is empty/],
      ['{"a": []}', /"input"/],
      ['12', /expected a list/],
    ] as const) {
      const { file, problems } = await open(await AUDIO, 'x.json', text);
      assert.equal(file, undefined);
      assert.match(problems.map((one) => one.message).join(), message);
    }
    const empty = await open(await token(), 'x.txt', '\n');
    assert.match(empty.problems[0].message, /the sequence is empty/);
  });
});

describe('parts of sequences', () => {
  it('are cut from JSON, CSV and text alike', async () => {
    const window = { from: 1, steps: 2 };
    assert.deepEqual(await values(await open(await AUDIO, 'x.json', '[[1],[2],[3],[4]]'), window), [2, 3]);
    assert.deepEqual(await values(await open(await AUDIO, 'x.csv', '1\n2\n3\n4\n'), window), [2, 3]);
    const tokens = await networkWith({ kind: 'token', split: 'char', vocabulary: ['a', 'b'] });
    const text = await open(tokens, 'x.txt', 'abba');
    const { sequence: part } = await text.file!.read({ from: 2 });
    assert.ok(part?.kind === 'token');
    assert.deepEqual([[...part.ids], part.tokens, part.steps], [[1, 0], ['b', 'a'], 2]);
  });

  it('say what is wrong with a file', async () => {
    const broken = await open(await AUDIO, 'x.csv', '1\na\n');
    const { sequence, problems } = await broken.file!.read();
    assert.equal(sequence, undefined);
    assert.match(problems[0].message, /line 2, column 1: expected a number/);
    const large = await open(await AUDIO, 'x.csv', '1\n'.repeat(100), 100);
    assert.match(large.problems[0].message, /x\.csv would take 200 bytes.*limit is 100 bytes/);
  });

  it('take the part of a further input that is read with them', async () => {
    const { network } = await readKeys({
      layers: [
        { name: 'side', type: 'input', sequence: { kind: 'vector', size: 1 } },
        { name: 'rnn', type: 'rnn', hidden_size: 1, input: 'input' },
        { name: 'sum', type: 'merge', mode: 'add', input: ['rnn', 'side'] },
      ],
    });
    const side = { kind: 'vector', steps: 3, size: 1, values: Float32Array.of(4, 5, 6) } as const;
    const more = new Map([['side', side]]);
    const part = cutSequence(network!, { ...side, more }, { from: 1, steps: 2 });
    const found = part.more?.get('side');
    assert.deepEqual(found?.kind === 'vector' && [...found.values], [5, 6]);
  });

  it('must lie within the sequence', async () => {
    const network = await AUDIO;
    const sequence = { kind: 'vector', steps: 3, size: 1, values: new Float32Array(3) } as const;
    for (const [window, message] of [
      [{ from: 3 }, /the first step: expected a whole number from 0 to 2, found 3/],
      [{ from: -1 }, /found -1/],
      [{ from: 0.5 }, /found 0\.5/],
      [{ from: 1, steps: 3 }, /the number of steps: expected a whole number from 1 to 2/],
      [{ from: 0, steps: 0 }, /found 0/],
    ] as const) {
      assert.throws(() => cutSequence(network, sequence, window), message);
    }
  });

  it('are read from what a user types', () => {
    assert.deepEqual(parseWindow(' 480, 2000 ', 10_000), { from: 480, steps: 2000 });
    assert.deepEqual(parseWindow('1 2', 3), { from: 1, steps: 2 });
    assert.throws(() => parseWindow('1', 3), /such as 0, 2000, found "1"/);
    assert.throws(() => parseWindow('1, 9', 3), /from 1 to 2/);
  });

  it('are offered as long as they fit', async () => {
    const network = await AUDIO;
    const steps = stepsWithin(network, { steps: 1e9 }, 1000);
    assert.ok(traceBytes(network, { steps }) <= 1000 && traceBytes(network, { steps: steps + 1 }) > 1000);
    assert.equal(stepsWithin(network, { steps: 3 }, 1000), 3);
    assert.equal(stepsWithin(network, { steps: 3 }, 0), 0);
  });
});

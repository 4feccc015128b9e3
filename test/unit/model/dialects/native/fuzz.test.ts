import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../../src/model/dialects/dialect';
import { random, type Random } from '../../../../../src/model/random';
import { f32, modelText, read, safetensors } from '../../support';

const ROUNDS = 300;
const EXAMPLES = join(import.meta.dirname, '../../../../../media/examples');

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const below = (source: Random, end: number) => Math.floor(source.uniform() * end);

/** Ways to spoil a file. */
const SPOIL: Record<string, (bytes: Uint8Array, source: Random) => Uint8Array> = {
  truncated: (bytes, source) => bytes.slice(0, below(source, bytes.length)),
  'bit-flipped': (bytes, source) => {
    const spoilt = bytes.slice();
    for (let flips = 1 + below(source, 8); flips > 0; flips--) {
      spoilt[below(source, spoilt.length)] ^= 1 << below(source, 8);
    }
    return spoilt;
  },
  shuffled: (bytes, source) => {
    const cuts = [0, 1, 2, 3].map(() => below(source, bytes.length)).sort((a, b) => a - b);
    const parts = [...cuts, bytes.length].map((end, k) => bytes.slice(k === 0 ? 0 : cuts[k - 1], end));
    for (let k = parts.length - 1; k > 0; k--) {
      const other = below(source, k + 1);
      [parts[k], parts[other]] = [parts[other], parts[k]];
    }
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  },
};

function checkSound(reading: Reading, text: string): void {
  const { network, weights, samples, problems } = reading;
  for (const { message, place, code } of problems) {
    assert.ok(message.length > 0 && message.length < 2000 && code.length > 0);
    assert.ok(place.line >= 1 && place.column >= 1 && place.offset >= 0 && place.offset <= text.length);
  }
  const errors = (about: string) => problems.some((p) => p.severity === 'error' && p.about === about);
  assert.equal(network === undefined, errors('structure'));
  if (network) assert.equal(weights === undefined, errors('weights'));
  for (const { sequence } of samples) assert.ok(sequence.steps > 0);
}

function fuzz(
  what: string,
  bytes: Uint8Array,
  readSpoilt: (spoilt: Uint8Array) => Promise<[Reading, string]>,
): void {
  describe(what, () => {
    for (const [how, spoil] of Object.entries(SPOIL)) {
      it(`${how} gives problems, never an exception`, async () => {
        const source = random(2026);
        let faulty = 0;
        for (let round = 0; round < ROUNDS; round++) {
          const [reading, text] = await readSpoilt(spoil(bytes, source));
          checkSound(reading, text);
          if (reading.problems.length > 0) faulty++;
        }
        assert.ok(faulty > ROUNDS / 3, `only ${faulty} of ${ROUNDS} had problems`);
      });
    }
  });
}

describe('spoilt files', () => {
  for (const name of ['tagger-bilstm', 'stocks-gru']) {
    const table = readFileSync(join(EXAMPLES, 'stocks.csv'));
    fuzz(`model ${name}`, readFileSync(join(EXAMPLES, `${name}.rnn.json`)), async (spoilt) => {
      const text = textOf(spoilt);
      return [await read(text, { 'stocks.csv': table }), text];
    });
  }

  const weights = safetensors({
    'rnn.weight_ih_l0': f32([2, 1], [1, 2]),
    'rnn.weight_hh_l0': f32([2, 2], [1, 2, 3, 4]),
    'rnn.bias_ih_l0': f32([2], [1, 2]),
    'rnn.bias_hh_l0': f32([2], [1, 2]),
  });
  const withWeights = modelText({
    layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2 }],
    weights: { file: 'w.safetensors' },
  });
  fuzz('safetensors header', weights.slice(0, weights.length - 40), async (spoilt) => {
    const file = new Uint8Array([...spoilt, ...weights.slice(weights.length - 40)]);
    return [await read(withWeights, { 'w.safetensors': file }), withWeights];
  });

  const withTable = modelText({
    input: { kind: 'vector', features: ['b'] },
    samples: [{ name: 'a', file: 'x.csv', where: { a: 'x' }, rows: [0, 3], normalize: 'zscore' }],
  });
  fuzz('table', bytesOf('a,b\nx,1\ny,2\nx,3\n"x",4\n'), async (spoilt) => [
    await read(withTable, { 'x.csv': spoilt }),
    withTable,
  ]);
});

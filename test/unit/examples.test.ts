/** That the shipped examples do what their descriptions say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../src/engine/generate';
import { gradient } from '../../src/engine/gradient';
import { memoryFigures } from '../../src/engine/memory';
import { run } from '../../src/engine/run';
import { NodeFolder } from '../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../src/model/dialects/dialect';
import type { TokenSequence } from '../../src/model/samples';
import { readModel } from '../../src/model/read';
import { sequenceFromText } from '../../src/model/sequences';

const FOLDER = join(import.meta.dirname, '../../media/examples');

async function example(name: string) {
  const fileName = `${name}.rnn.json`;
  const text = readFileSync(join(FOLDER, fileName), 'utf8');
  const reading = await readModel({ text, fileName, folder: new NodeFolder(FOLDER), limits: DEFAULT_LIMITS });
  const network = reading.network!;
  const weights = reading.weights!;
  const { outputLabels } = network;
  return {
    network,
    samples: reading.samples,
    trained: reading.trained,
    sequence: (typed: string) => sequenceFromText(network, typed).sequence as TokenSequence,
    /** The likeliest output at every step. */
    async answers(sequence: TokenSequence): Promise<string[]> {
      const { rows, units, values } = (await run(network, weights, sequence)).output;
      return Array.from({ length: rows }, (_, row) => {
        const part = values.subarray(row * units, (row + 1) * units);
        return outputLabels![part.indexOf(Math.max(...part))];
      });
    },
    async goOn(prompt: string, length: number): Promise<string> {
      const read = sequenceFromText(network, prompt).sequence as TokenSequence;
      const { sequence } = await generate(network, weights, read, { length, temperature: 0 });
      return sequence.tokens.join('');
    },
    async reach(sequence: TokenSequence): Promise<number> {
      const [{ gradient: found }] = memoryFigures(network, await gradient(network, weights, sequence));
      return found.far.norm / found.near.norm;
    },
  };
}

describe('the examples', () => {
  it('recall the first letter, except for the vanilla RNN, which no gradient reaches', async () => {
    const right: Record<string, number> = {};
    const reach: Record<string, number> = {};
    for (const kind of ['rnn', 'lstm', 'gru']) {
      const { samples, trained, answers, reach: reachOf } = await example(`recall-${kind}`);
      assert.ok(trained);
      right[kind] = 0;
      for (const { name, sequence } of samples.filter(({ sequence: { steps } }) => steps === 62)) {
        if ((await answers(sequence as TokenSequence)).at(-1) === name[0]) right[kind]++;
      }
      reach[kind] = await reachOf(samples[0].sequence as TokenSequence);
    }
    assert.deepEqual([right.lstm, right.gru], [4, 4]);
    assert.ok(right.rnn <= 1, `${right.rnn} of 4`);
    assert.ok(reach.rnn < 1e-7 && reach.lstm > 1e-3 && reach.gru > 1e-3, JSON.stringify(reach));
  });

  it('tell the old from an old man by what follows', async () => {
    const { answers, sequence } = await example('tagger-bilstm');
    assert.deepEqual(await answers(sequence('the old man the boats')), [
      'DET',
      'NOUN',
      'VERB',
      'DET',
      'NOUN',
    ]);
    assert.deepEqual((await answers(sequence('the old man can swim'))).slice(0, 3), ['DET', 'ADJ', 'NOUN']);
  });

  it('go on in words', async () => {
    const english = await example('char-lstm');
    assert.match(await english.goOn('shall i ', 40), /^shall i compare thee to a summer's day/);
    const korean = await example('korean-gru');
    assert.match(await korean.goOn('천 리', 15), /^천 리 길도 한 걸음부터\./);
    assert.match(await korean.goOn('발 없는 말이 천 리', 5), /천 리 간다\./);
  });
});

import assert from 'node:assert/strict';
import type { Clamp } from '../../../../src/engine/clamps';
import { type Norms, gradient } from '../../../../src/engine/gradient';
import { arithmeticFor } from '../../../../src/engine/kernels/choose';
import { record } from '../../../../src/engine/recording/record';
import { HeldStretches, type Stretches } from '../../../../src/engine/recording/stretches';
import { WalkBack } from '../../../../src/engine/recording/walkBack';
import { run } from '../../../../src/engine/run';
import { atOnce } from '../../../../src/engine/slices';
import type { Layer, Network } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import type { Weights } from '../../../../src/model/weights';
import { gru, linear, lstm, network, randomSequence, randomWeights, rnn } from '../networks';

/** Several stretches, the last of another length. */
const STEPS = 9001;

const CASES: [string, Network][] = [
  ['an LSTM and a head', network(lstm(2, { hiddenSize: 20 }), linear(20, 3))],
  ['a GRU that resets before', network(gru(2, { hiddenSize: 6, resetAfter: false }), linear(6, 2))],
  ['a GRU that resets after', network(gru(2, { hiddenSize: 6 }), linear(6, 2))],
  [
    'stacked layers with projections',
    network(lstm(2, { hiddenSize: 9, projSize: 4, levels: 2 }), gru(4, { hiddenSize: 7 })),
  ],
  [
    'a layer that gives its last row alone, and one that reads it',
    network(rnn(2, { hiddenSize: 5 }), lstm(5, { returnSequences: false }), linear(3, 2)),
  ],
  [
    'peepholes, a clip and coupled gates',
    network(lstm(2, { hiddenSize: 5, peepholes: true, cellClip: 3, clip: 2, coupled: 'input' })),
  ],
];

/** Weights with which a gradient reaches far: recurrent ones near to the identity. */
function longMemory(net: Network): Weights {
  const weights = new Map(randomWeights(net, 9));
  for (const [name, tensor] of weights) {
    if (!name.includes('bias_ih')) continue;
    const layer = net.layers.find((one) => name.startsWith(`${one.name}.`))! as Layer & {
      hiddenSize: number;
    };
    const data = tensor.data.slice();
    if (layer.type === 'lstm') data.fill(7.5, layer.hiddenSize, 2 * layer.hiddenSize);
    if (layer.type === 'gru') data.fill(7.5, layer.hiddenSize, 2 * layer.hiddenSize);
    weights.set(name, { ...tensor, data });
  }
  return weights;
}

async function stretchesOf(
  net: Network,
  weights: Weights,
  sequence: Sequence,
  clamps: readonly Clamp[] = [],
) {
  const trace = await run(net, weights, sequence, { clamps });
  const ran = { network: net, weights, sequence, clamps };
  return {
    output: trace.output,
    held: new HeldStretches(ran, arithmeticFor(weights), trace),
    computed: (await record(net, weights, sequence, { clamps })).stretches,
  };
}

function walk(stretches: Stretches, output: { rows: number; units: number }, step: number): WalkBack {
  const found = new WalkBack(stretches, output, { step, unit: 1 });
  while (!found.done) atOnce(found.next());
  return found;
}

function assertAlike(found: readonly Norms[], expected: readonly Norms[], what: string): void {
  assert.equal(found.length, expected.length);
  for (const [k, { layer, level, dh, dc, rows }] of expected.entries()) {
    const own = found[k];
    assert.deepEqual([own.layer, own.level], [layer, level]);
    if (rows === 1) assert.equal(own.rows, 1);
    for (const [name, values, other] of [['dh', own.dh, dh], ['dc', own.dc, dc]] as const) {
      assert.equal(values === undefined, other === undefined);
      other?.forEach((value, row) => {
        const mine = values![row] ?? 0;
        const close = Math.abs(mine - value) <= 1e-4 * value + 1e-290;
        assert.ok(close, `${what}: ${layer} ${level} ${name} at ${row}: ${mine} for ${value}`);
      });
    } // prettier-ignore
  }
}

describe('the way back over stretches', () => {
  const sequence = randomSequence(STEPS, 2, 3);

  for (const [what, net] of CASES) {
    it(`gives what one pass over all steps gives: ${what}`, async () => {
      for (const weights of [randomWeights(net, 9), longMemory(net)]) {
        const { held, computed, output } = await stretchesOf(net, weights, sequence);
        const steps = output.rows === STEPS ? [STEPS - 1, 5000] : [STEPS - 1];
        for (const step of steps) {
          const expected = await gradient(net, weights, sequence, { step, unit: 1 });
          for (const stretches of [held, computed]) {
            const found = walk(stretches, output, step);
            assert.deepEqual(found.target, expected.target);
            assertAlike(found.layers, expected.layers, what);
          }
        }
      }
    });
  }

  it('takes the clamps of its run', async () => {
    const net = CASES[0][1];
    const weights = longMemory(net);
    const address = { layer: 'lstm', level: 0, direction: 'forward' } as const;
    const clamps: Clamp[] = [
      { ...address, signal: 'f', units: [3, 5], value: 0 },
      { ...address, signal: 'c', units: [0, 1], steps: [4090, 4200], value: 0.5 },
      { ...address, signal: 'h0', value: 0.25 },
    ];
    const { held, computed, output } = await stretchesOf(net, weights, sequence, clamps);
    const expected = await gradient(net, weights, sequence, { step: STEPS - 1, unit: 1, clamps });
    for (const stretches of [held, computed]) {
      assertAlike(walk(stretches, output, STEPS - 1).layers, expected.layers, 'held');
    }
  });

  it('ends where the gradient has vanished: everything before is 0', async () => {
    const net = CASES[0][1];
    const { computed, output } = await stretchesOf(net, randomWeights(net, 9), randomSequence(100_000, 2, 3));
    const found = new WalkBack(computed, output, { step: 99_999, unit: 1 });
    atOnce(found.next());
    assert.ok(found.done);
    assert.ok(found.layers[0].dh[99_999] > 0 && found.layers[0].dh[0] === 0);
  });

  it('refuses a target that the output does not have', async () => {
    const net = CASES[0][1];
    const { computed, output } = await stretchesOf(net, randomWeights(net, 9), randomSequence(70, 2, 3));
    assert.throws(
      () => new WalkBack(computed, output, { step: 70, unit: 1 }),
      /target step from 0 to 69, found 70/,
    );
    assert.throws(
      () => new WalkBack(computed, output, { step: 0, unit: 3 }),
      /target unit from 0 to 2, found 3/,
    );
  });
});

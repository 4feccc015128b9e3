import assert from 'node:assert/strict';
import { available } from '../../../src/engine/kernels/instance';
import { run } from '../../../src/engine/run';
import type { SignalTrace } from '../../../src/engine/trace';
import { fixture, namesOf } from './fixtures';

const TOLERANCE = 1e-5;
const NAMES = (['pytorch', 'autograd'] as const).flatMap((maker) =>
  namesOf(maker).map((name) => [maker, name] as const),
);

for (const arithmetic of ['reference', ...available()] as const) {
  describe(`every signal against PyTorch, ${arithmetic}`, () => {
    for (const [maker, name] of NAMES) {
      it(name, async () => {
        const { network, weights, sequence, expected } = await fixture(name, maker);
        const trace = await run(network, weights, sequence, { arithmetic });
        assert.equal(trace.steps, expected.steps);
        const recurrent = trace.layers.filter(({ layer }) =>
          expected.layers.some((one) => one.layer === layer),
        );
        assert.deepEqual(
          recurrent.map(({ layer, type, level, direction }) => ({ layer, type, level, direction })),
          expected.layers.map(({ layer, type, level, direction }) => ({ layer, type, level, direction })),
        );
        for (const [k, layer] of recurrent.entries()) {
          const { signals } = expected.layers[k];
          assert.deepEqual(
            layer.signals.map(({ signal }) => signal),
            Object.keys(signals),
          );
          for (const signal of layer.signals) {
            assertClose(signal, signals[signal.signal], `${layer.layer} ${layer.level} ${layer.direction}`);
          }
        }
        assertClose(trace.output, expected.output, 'output');
      });
    }
  });
}

function assertClose(
  { signal, rows, units, values }: SignalTrace,
  expected: readonly (readonly number[])[],
  where: string,
): void {
  assert.deepEqual([rows, units], [expected.length, expected[0].length], `${where}: shape of ${signal}`);
  expected.flat().forEach((value, k) => {
    assert.ok(
      Math.abs(values[k] - value) <= TOLERANCE,
      `${where}: ${signal}[${k}] is ${values[k]}, not ${value}`,
    );
  });
}

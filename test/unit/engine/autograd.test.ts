import assert from 'node:assert/strict';
import { backward } from '../../../src/engine/backward';
import { layerRuns } from '../../../src/engine/edges';
import { forward } from '../../../src/engine/forward';
import { atOnce } from '../../../src/engine/slices';
import { INPUT } from '../../../src/model/network';
import { parametersOf } from '../../../src/model/parameters';
import { elementCount } from '../../../src/model/weights';
import { type Nested, fixture, gradientNames, wholeGradient } from './fixtures';

const RELATIVE = 1e-4;
/** Where all paths cancel, rounding is left. */
const NOTHING = 1e-12;

for (const maker of ['autograd', 'onnx', 'tfjs', 'layers'] as const) {
  describe(`gradients of every state, input and parameter against PyTorch autograd, ${maker}`, () => {
    for (const name of gradientNames(maker)) {
      it(name, async () => {
        const { network, weights, sequence } = await fixture(name, maker);
        const expected = wholeGradient(name, maker);
        const trace = atOnce(forward(network, weights, sequence));
        const atOutput = Float64Array.from(trace.output.values, (_, k) => Math.sin(1 + k));
        const parameters = new Map(
          parametersOf(network)
            .filter(({ kind }) => !kind.startsWith('running_'))
            .map((parameter) => [parameter.name, new Float64Array(elementCount(parameter.shape))]),
        );
        const runs = atOnce(layerRuns(network, sequence, trace));
        const found = atOnce(
          backward(network, weights, runs, atOutput, { input: sequence.kind === 'vector', parameters }),
        );
        if (expected.input) assertClose(found.edges.get(INPUT)!, expected.input, 'input');
        assert.equal(found.layers.length, expected.layers.length);
        for (const [k, own] of found.layers.entries()) {
          const { layer, level, direction, h, c } = expected.layers[k];
          assert.deepEqual([own.layer, own.level, own.direction], [layer, level, direction]);
          assertClose(own.h, h, `${layer} ${level} ${direction} h`);
          assert.equal(own.c === undefined, c === undefined);
          if (c) assertClose(own.c!, c, `${layer} ${level} ${direction} c`);
        }
        assert.deepEqual([...parameters.keys()].sort(), Object.keys(expected.parameters).sort());
        for (const [parameter, slopes] of parameters) {
          assertClose(slopes, expected.parameters[parameter], parameter);
        }
      });
    }
  });
}

/** Beside each number's own size, what is far below the largest one counts as nothing. */
function assertClose(actual: Float64Array, nested: Nested, where: string): void {
  const expected = flat(nested);
  assert.equal(actual.length, expected.length, where);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => {
    const tolerance = RELATIVE * Math.max(Math.abs(value), 1e-2 * largest) + NOTHING;
    assert.ok(Math.abs(actual[k] - value) <= tolerance, `${where}[${k}] is ${actual[k]}, not ${value}`);
  });
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}

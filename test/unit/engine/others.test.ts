import assert from 'node:assert/strict';
import { run } from '../../../src/engine/run';
import { fixture, namesOf } from './fixtures';

const TOLERANCE = 1e-5;

const MAKERS = { onnxruntime: 'onnx', 'TensorFlow.js': 'tfjs', "PyTorch's other layers": 'layers' } as const;

for (const [program, maker] of Object.entries(MAKERS))
  describe(`outputs against ${program}`, () => {
    for (const name of namesOf(maker)) {
      it(name, async () => {
        const { network, weights, sequence, expected } = await fixture(name, maker);
        const { output } = await run(network, weights, sequence);
        assert.equal(output.rows, expected.output.length);
        expected.output.flat().forEach((value, k) => {
          assert.ok(
            Math.abs(output.values[k] - value) <= TOLERANCE,
            `output[${k}] is ${output.values[k]}, not ${value}`,
          );
        });
      });
    }
  });

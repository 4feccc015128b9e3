import { fixture, namesOf } from '../fixtures';
import { assertAddsUp, explanations } from './everyTerm';

for (const maker of ['pytorch', 'autograd', 'onnx', 'tfjs', 'layers'] as const) {
  describe(`every unit of every signal explained, ${maker}`, () => {
    for (const name of namesOf(maker)) {
      it(name, async () => {
        const { network, weights, sequence } = await fixture(name, maker);
        for (const found of await explanations({ network, weights, sequence, clamps: [] }))
          assertAddsUp(found);
      });
    }
  });
}

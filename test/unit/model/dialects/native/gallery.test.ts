import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeFolder } from '../../../../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../../../../src/model/dialects/dialect';
import { readModel } from '../../../../../src/model/read';

const GALLERY = join(import.meta.dirname, '../../../../fixtures/native');

describe('the gallery of faulty and odd files', () => {
  for (const name of readdirSync(GALLERY)) {
    it(name, async () => {
      const folder = join(GALLERY, name);
      const { network, weights, samples, declaredSamples, problems } = await readModel({
        text: readFileSync(join(folder, 'model.rnn.json'), 'utf8'),
        fileName: 'model.rnn.json',
        folder: new NodeFolder(folder),
        limits: DEFAULT_LIMITS,
      });
      const found = problems.map(
        ({ place, severity, code, about }) => `${place.line}:${place.column} ${severity} ${code} ${about}\n`,
      );
      assert.equal(found.join(''), readFileSync(join(folder, 'expected.txt'), 'utf8'));
      for (const { message } of problems)
        assert.doesNotMatch(message, /[\r\n]|undefined|NaN entries|\[object/);

      const failed = (about: string) => problems.some((p) => p.severity === 'error' && p.about === about);
      assert.equal(network === undefined, failed('structure'));
      if (network) assert.equal(weights === undefined, failed('weights'));
      if (network) assert.equal(samples.length < declaredSamples.length, failed('samples'));
    });
  }
});

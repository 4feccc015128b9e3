import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeFolder } from '../../../../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../../../../src/model/dialects/dialect';
import { readModel } from '../../../../../src/model/read';

const MEDIA = join(import.meta.dirname, '../../../../../media');

for (const kind of ['examples', 'templates']) {
  describe(`media/${kind}`, () => {
    const folder = join(MEDIA, kind);
    for (const fileName of readdirSync(folder).filter((name) => name.endsWith('.rnn.json'))) {
      it(`${fileName} has no problem, weights and samples`, async () => {
        const text = readFileSync(join(folder, fileName), 'utf8');
        const reading = await readModel({
          text,
          fileName,
          folder: new NodeFolder(folder),
          limits: DEFAULT_LIMITS,
        });
        assert.deepEqual(reading.problems, []);
        assert.ok(reading.network?.description && reading.weights);
        assert.ok(reading.samples.length >= 2);
      });

      it(`${fileName} is plain JSON, and names no schema that a copy would miss`, () => {
        const model = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as object;
        assert.ok(!('$schema' in model));
      });
    }
  });
}

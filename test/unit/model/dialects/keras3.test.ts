import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from '../support';
import { sequenceFor } from './kerasFixtures';
import { assertOutput, openFile, runReading } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/keras3');
const NAMES = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.keras'))
  .map((file) => file.slice(0, -'.keras'.length));

const open = (name: string) =>
  openFile(`${name}.keras`, new Uint8Array(readFileSync(join(FIXTURES, `${name}.keras`))));

describe('a file that Keras 3 has saved', () => {
  for (const name of NAMES) {
    it(`${name}: the output is that of Keras`, async () => {
      const reading = await open(name);
      const { inputs, output } = JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8'));
      assert.deepEqual(codes(reading), []);
      assertOutput(await runReading(reading, sequenceFor(reading, inputs)), output);
    });
  }
});

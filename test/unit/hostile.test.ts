/** Models made to do harm, on the command line and in what is exported of them: see the gallery. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GALLERY, manyLayers, SECRET, writeGallery } from '../fixtures/hostile/gallery';
import { gatescope } from './cli/gatescope';
import { PICTURE_VIEWS } from '../../src/export/format';
import { assertStandalone, parseXml } from './picture/xml';

describe('hostile models', function () {
  this.timeout(60_000);
  let root: string;
  let folder: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'gatescope-hostile-'));
    folder = join(root, 'models');
    mkdirSync(folder);
    writeGallery(folder);
  });
  after(() => rmSync(root, { recursive: true }));

  for (const { name, shows, says } of GALLERY) {
    it(`${name} is told what is wrong with it, and nothing else happens`, async () => {
      const model = join(folder, name);
      const { status, stdout, stderr } = await gatescope('check', model);
      assert.equal(status, says ? 1 : 0, stdout + stderr);
      if (says) assert.match(stdout, says);
      // No line of its own: what it says cannot pass for what is said of another file, nor move the cursor.
      for (const line of stdout.split('\n')) assert.ok(line === '' || line.startsWith(`${model}:`), line);
      assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      assert.ok(!(stdout + stderr).includes(`${SECRET}"}`) && !/found.*secret/.test(stdout));
      const unrolled = await gatescope('unroll', model);
      assert.equal(unrolled.status, shows === 'structure' ? 0 : 1, unrolled.stderr);
    });
  }

  for (const { name } of GALLERY.filter(({ says }) => !says)) {
    it(`${name} is exported with nothing in it that does something`, async () => {
      const model = join(folder, name);
      for (const format of ['svg', 'md', 'csv', 'json']) {
        const out = join(root, `out.${format}`);
        const { status, stderr } = await gatescope('export', model, '-o', out);
        assert.equal(status, 0, stderr);
        const text = readFileSync(out, 'utf8');
        if (format === 'svg') assertStandalone(parseXml(text));
        // In Markdown HTML would be obeyed.
        if (format === 'md') assert.doesNotMatch(text.replaceAll(/```mermaid[^]*?```/g, ''), /(?<!\\)</);
        if (format === 'json') JSON.parse(text);
      }
      for (const view of PICTURE_VIEWS) {
        const out = join(root, `${view}.svg`);
        const { status, stderr } = await gatescope('export', model, '-o', out, '--view', view);
        if (status === 0) assertStandalone(parseXml(readFileSync(out, 'utf8')));
        else assert.match(stderr, /nothing to see|choose it/);
      }
    });
  }

  it('a million layers are refused before they are looked at', async () => {
    const model = join(folder, 'layers.rnn.json');
    writeFileSync(model, manyLayers(1_000_000));
    const { status, stdout } = await gatescope('check', model);
    assert.equal(status, 1);
    assert.match(stdout, /layers: expected at most 10,000 layers, found 1,000,000/);
  });
});

/** What `check` says would mend a model, and does. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const WRONG = `{
  "format": "rnn-model", "version": 1, // by hand
  "input": { "kind": "vector", "size": 1 },
  "layers": [
    { "name": "lstm", "type": "lstn", "hiden_size": 3 },
    { "name": "head", "type": "linear", "out_features": "2", "actvation": "softmax" }
  ],
  "loss": "cross_entropy"
}
`;
const MENDED = WRONG.replace('lstn', 'lstm')
  .replace('hiden', 'hidden')
  .replace('"2"', '2')
  .replace('"actvation": "softmax"', '"activation": "none"');

describe('check', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  before(() => (folder = mkdtempSync(join(tmpdir(), 'gatescope-check-'))));
  after(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string | Uint8Array): string {
    writeFileSync(at(name), text);
    return at(name);
  }

  it('says what would mend each problem, beside the lines of the problems', async () => {
    const model = file('net.rnn.json', WRONG);
    const { status, stdout, stderr } = await gatescope('check', model);
    assert.equal(status, 1);
    const lines = stdout.trimEnd().split('\n');
    assert.ok(
      lines.every((line) => /^.*net\.rnn\.json:\d+:\d+: (error|warning) [a-z-]+ /.test(line)),
      stdout,
    );
    assert.match(stderr, /^what would mend it:\n {2}5:31 wrong-value: Replace it with "lstm"\n/);
    assert.match(stderr, /^ {2}6:62 unknown-key: Change the key to "activation"; or: Remove "actvation"$/m);
    const { problems } = JSON.parse((await gatescope('check', model, '--json')).stdout);
    const [{ title, code, values, changes }] = problems[0].fixes;
    assert.deepEqual([title, code, values], ['Replace it with "lstm"', 'replace', ['"lstm"']]);
    assert.equal(changes.length, 1);
    assert.equal(readFileSync(model, 'utf8'), WRONG);
  });

  it('mends a native model with --fix, whole and with nothing else changed', async () => {
    for (const mark of ['', '\ufeff']) {
      const model = file('fix.rnn.json', mark + WRONG);
      const { status, stdout, stderr } = await gatescope('check', model, '--fix');
      assert.equal(readFileSync(model, 'utf8'), mark + MENDED);
      assert.equal(status, 0, stdout);
      assert.match(stdout, /^[^\n]* warning untrained [^\n]*\n$/);
      assert.match(stderr, /fix\.rnn\.json:5:31: mended wrong-value: Replace it with "lstm"$/m);
      assert.match(stderr, /:8:11: mended loss-mismatch: Set "activation" to "none"$/m);
      assert.equal(stderr.match(/: mended /g)?.length, 5);
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('adds what is missing, and leaves alone what it cannot mend', async () => {
    const model = file(
      'missing.rnn.json',
      '{"format":"rnn-model","version":1,"input":{"kind":"vector","size":1},"layers":[{"type":"gru","name":"a"},{"type":"gru"}]}',
    );
    const { status } = await gatescope('check', model, '--fix');
    assert.equal(status, 0);
    const { layers } = JSON.parse(readFileSync(model, 'utf8'));
    assert.deepEqual(
      layers.map(({ hidden_size }: { hidden_size: number }) => hidden_size),
      [16, 16],
    );
    const broken = file('broken.rnn.json', '{"format":');
    assert.equal((await gatescope('check', broken, '--fix')).status, 1);
    assert.equal(readFileSync(broken, 'utf8'), '{"format":');
  });

  it('takes away nothing that somebody wrote', async () => {
    const sample = '{"name":"s","csv":"x.csv","values":[[1]]}';
    const written = `{"format":"rnn-model","version":1,"input":{"kind":"vector","size":1},"layers":[{"type":"gru","name":"a","hidden_size":2}],"samples":[${sample}]}`;
    const model = file('kept.rnn.json', written);
    const { stdout } = await gatescope('check', model, '--fix');
    assert.match(stdout, / unknown-key /);
    assert.equal(JSON.parse(readFileSync(model, 'utf8')).samples[0].csv, 'x.csv');
  });

  it('refuses files of other kinds, and text that is no UTF-8', async () => {
    const other = file('other.json', WRONG);
    const refused = await gatescope('check', other, '--fix');
    assert.deepEqual([refused.status, readFileSync(other, 'utf8')], [2, WRONG]);
    assert.match(refused.stderr, /^check --fix mends native models, \.rnn\.json, found .*other\.json$/m);
    const bytes = Buffer.from(WRONG.replace('by hand', 'Müller'), 'latin1');
    const latin = file('latin.rnn.json', bytes);
    const { status, stderr } = await gatescope('check', latin, '--fix');
    assert.equal(status, 1, stderr);
    assert.ok(readFileSync(latin).equals(bytes));
  });
});

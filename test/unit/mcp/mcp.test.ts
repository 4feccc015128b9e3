/** `gatescope mcp`, asked by the protocol's own client. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { gatescope } from '../cli/gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLES = join(ROOT, 'media/examples');
const PROGRAM = join(ROOT, 'dist/cli.js');
const MODEL = join(EXAMPLES, 'char-lstm.rnn.json');

interface Answer {
  readonly text: string[];
  readonly isError: boolean;
}

describe('gatescope mcp', function () {
  this.timeout(60_000);
  let client: Client;
  let folder: string;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatescope-mcp-test-')));
    writeFileSync(join(folder, 'x.csv'), '0\n1\n');
    symlinkSync(join(ROOT, 'package.json'), join(folder, 'out.json'));
    client = new Client({ name: 'test', version: '1.0.0' });
    assert.ok(existsSync(PROGRAM), `there is no ${PROGRAM}: npm run compile makes it`);
    const args = [PROGRAM, 'mcp', '--root', EXAMPLES, '--root', folder];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: ROOT }));
  });
  after(async () => {
    await client?.close();
    rmSync(folder, { recursive: true });
  });

  async function ask(name: string, asked: Record<string, unknown>): Promise<Answer> {
    const { content, isError } = await client.callTool({ name, arguments: asked });
    return { text: (content as { text: string }[]).map(({ text }) => text), isError: isError === true };
  }

  it('lists its tools with the schemas of what they take, which read and change nothing', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), ['compare', 'explain', 'info', 'run', 'verify']);
    for (const { inputSchema, annotations } of tools) {
      assert.deepEqual([annotations?.readOnlyHint, annotations?.openWorldHint], [true, false]);
      assert.ok(inputSchema.required?.includes('model'));
    }
    assert.ok(tools.find(({ name }) => name === 'explain')!.inputSchema.required?.includes('at'));
  });

  it('says of what is asked for under a wrong name that there is none', async () => {
    const { text, isError } = await ask('run', { model: MODEL, sampel: 'hello' });
    assert.ok(isError);
    assert.match(text[0], /sampel/);
  });

  it('gives the numbers of the command line', async () => {
    const info = await ask('info', { model: 'char-lstm.rnn.json' });
    assert.deepEqual(JSON.parse(info.text[0]), JSON.parse((await gatescope('info', MODEL, '--json')).stdout));
    const at = 'lstm.f[12]@3';
    const why = await ask('explain', { model: MODEL, at });
    assert.equal(why.text[0], (await gatescope('explain', MODEL, '--at', at, '--json')).stdout);
    const words = await ask('run', { model: MODEL, text: 'hello', set: ['lstm.f[3]=0'] });
    assert.equal(
      words.text[0],
      (await gatescope('run', MODEL, '--text', 'hello', '--set', 'lstm.f[3]=0')).stdout,
    );
    const held = await ask('compare', { model: MODEL, set: ['lstm.f=1'] });
    assert.equal(held.isError, false);
    assert.equal(held.text[0], (await gatescope('compare', MODEL, '--set', 'lstm.f=1', '--json')).stdout);
    const verified = await ask('verify', { model: join(EXAMPLES, 'recall-lstm.rnn.json') });
    const said = await gatescope('verify', join(EXAMPLES, 'recall-lstm.rnn.json'), '--json');
    assert.equal(
      verified.text[0],
      said.stdout || said.stderr.replace('--input FILE and --expect FILE', 'input and expect'),
    );
  });

  it('gives signals of steps as numbers, and says where they would be too many', async () => {
    const { text } = await ask('run', { model: MODEL, signals: ['lstm.c'], from: 2, steps: 2 });
    const { layers, from, steps } = JSON.parse(text[0]);
    const whole = JSON.parse((await gatescope('run', MODEL, '--json')).stdout).layers;
    const { c } = whole.find(({ layer }: { layer: string }) => layer === 'lstm').signals;
    assert.deepEqual([from, steps, layers.length, layers[0].signals], [2, 2, 1, { c: c.slice(2, 4) }]);
    const long = 'the quick brown fox '.repeat(40);
    const part = JSON.parse((await ask('run', { model: MODEL, from: 2, steps: 2 })).text[0]);
    assert.deepEqual([part.from, part.steps, part.layers], [2, 2, []]);
    assert.equal(part.output.length, 2, 'of the output where no signal is named');
    const all = await ask('run', { model: MODEL, text: long, signals: ['lstm'] });
    assert.equal(all.isError, true);
    assert.match(
      all.text[0],
      /the answer would be longer than 40000 characters: ask for fewer signals or steps/,
    );
  });

  it('reads files in its folders only, and takes no value for an option', async () => {
    const outside = [join(ROOT, 'package.json'), '../../package.json', 'out.json', '/etc/passwd', '--help'];
    for (const model of outside) {
      const { text, isError } = await ask('info', { model });
      assert.ok(isError && /^there is no file ".*" in /.test(text[0]), text[0]);
    }
    for (const asked of [{ input: '../../package.json' }, { weights: join(ROOT, 'package.json') }]) {
      assert.match((await ask('run', { model: MODEL, ...asked })).text[0], /^there is no file/);
    }
    const against = join(ROOT, 'package.json');
    assert.match((await ask('compare', { model: MODEL, against })).text[0], /^there is no file/);
    const option = await ask('run', { model: MODEL, sample: '--json' });
    assert.match(option.text[0], /unknown sample --json/);
    assert.equal(option.isError, true);
  });

  it('says what is wrong with a question, and goes on', async () => {
    const wrong = await ask('explain', { model: MODEL, at: 'lstm.q[0]' });
    assert.equal(wrong.isError, true);
    assert.match(wrong.text[0], /lstm/);
    const shapeless = await ask('run', { model: 7 });
    assert.equal(shapeless.isError, true);
    const stop = new AbortController();
    const asked = { name: 'run', arguments: { model: MODEL } };
    const stopped = client.callTool(asked, undefined, { signal: stop.signal });
    stop.abort();
    await assert.rejects(stopped);
    assert.equal((await ask('run', { model: MODEL })).isError, false);
  });

  it('is loaded only where it is asked for', () => {
    const all = readFileSync(PROGRAM, 'utf8');
    assert.ok(all.includes('./mcp.js') && !all.includes('modelcontextprotocol'));
  });
});

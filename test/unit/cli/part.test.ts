/** Steps of a run of a part of a sequence, and what is said of what ran. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const EXAMPLES = join(import.meta.dirname, '../../../media/examples');
const MODEL = join(EXAMPLES, 'char-lstm.rnn.json');
const TAGGER = join(EXAMPLES, 'tagger-bilstm.rnn.json');

async function said(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await gatescope(...args);
  assert.ok(status === 0 || args[0] === 'compare', stderr);
  return stdout;
}

describe('a part of a sequence', () => {
  const part = ['--text', 'xxhello', '--from', '2'];
  const COMMANDS: [name: string, ...more: string[]][] = [
    ['run'],
    ['explain', '--at', 'lstm.f[12]@3'],
    ['gradient', '--step', '3'],
    ['attribute', '--step', '3', '--method', 'gradient'],
    ['compare', '--set', 'lstm.f@3=0'],
    ['match', '--signal', 'lstm.c', '--range', '2:3'],
  ];

  for (const [name, ...more] of COMMANDS) {
    it(`has in ${name} the steps of the run that begins there, typed and printed, and says where that is`, async () => {
      const whole = JSON.parse(await said(name, MODEL, '--text', 'hello', ...more, '--json'));
      const { from, first, ...found } = JSON.parse(await said(name, MODEL, ...part, ...more, '--json'));
      assert.deepEqual(found, whole);
      assert.equal(first, 2);
      assert.ok(from === undefined || from === 2);
      const text = await said(name, MODEL, ...part, ...more);
      const begun = 'the run began at step 2 of the sequence: that is step 0 here\n';
      assert.ok(text.includes(begun), text);
      const ofWhole = await said(name, MODEL, '--text', 'hello', ...more);
      assert.equal(text.replace(begun, '').replace('"xxhello"', '"hello"'), ofWhole);
      assert.ok(!(await said(name, MODEL, '--text', 'hello', '--steps', '5', ...more)).includes('began at'));
    });
  }

  it('is explained once in the help', async () => {
    const help = await said('--help');
    assert.equal(help.match(/"first"/g)?.length, 2);
    assert.match(await said('gradient', '--help'), /count\nfrom it, and JSON says as "first"/);
  });
});

describe('what ran', () => {
  it('is said in words and as JSON', async () => {
    assert.match(
      await said('run', MODEL),
      /^English letters, LSTM on the sample ".*": \d+ steps; the output of head/,
    );
    const held = await said('run', MODEL, '--text', 'a "b', '--set', 'lstm.f=1');
    assert.match(held, /^English letters, LSTM on "a \\"b" with lstm\.f=1: 4 steps; /);
    const { tokens, input } = JSON.parse(await said('run', MODEL, '--text', 'ab', '--json'));
    assert.deepEqual([tokens, input], [['a', 'b'], undefined]);
    const series = JSON.parse(
      await said('run', join(EXAMPLES, 'co2-rnn.rnn.json'), '--set', 'input@3=0.5', '--json'),
    );
    assert.deepEqual([series.tokens, series.input.length, series.input[3]], [undefined, 57, [0.5]]);
  });

  it('is in gradient the unit, by its name, beside the largest where none is chosen, and each state', async () => {
    const text = await said('gradient', TAGGER);
    const [head, hint] = text.split('\n');
    assert.match(head, /: y\[4\]\[0\] \("\w+"\) of head is 0\.0000\d+; norms/);
    assert.match(hint, /^no --unit is given, so it is unit 0; the largest at that step is \d+ \("NOUN"\)$/);
    assert.match(
      text,
      /\nlstm, level 0, forward, hidden state h: .*\nlstm, level 0, forward, cell state c: .*\n {2}of the gradient of the cell state c:\n/,
    );
    const chosen = await said('gradient', TAGGER, '--unit', 'NOUN');
    assert.match(chosen, /^[^\n]*: y\[4\]\[\d+\] \("NOUN"\) of head is 0\.9/);
    assert.ok(!chosen.includes('no --unit'));
    for (const command of ['gradient', 'attribute']) {
      const { target } = JSON.parse(await said(command, TAGGER, '--unit', 'NOUN', '--json'));
      assert.equal(target.name, 'NOUN');
    }
    const gru = await said('gradient', join(EXAMPLES, 'recall-gru.rnn.json'), '--unit', 'a');
    assert.match(gru, /\n {2}of the gradient of the hidden state h:\n/);
  });
});

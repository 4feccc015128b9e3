import assert from 'node:assert/strict';
import { TOOLS } from '../../../src/tools/tools';
import { confirmation } from '../../../src/tools/confirmation';

describe('what a user is asked before a tool runs', () => {
  it('names the files that are read, the sequence and what is held', () => {
    const asked = { model: 'a.rnn.json', other: 'b.onnx', text: 'hello', set: ['lstm.f=0', 'lstm.h0=[1]'] };
    assert.deepEqual(confirmation('compare', asked), {
      title: 'Compare Two Runs of Recurrent Networks',
      progress: 'Gatescope: Files of this workspace that are read: "a.rnn.json", "b.onnx".',
      lines: [
        'Files of this workspace that are read: "a.rnn.json", "b.onnx".',
        'The model runs on this machine, on "hello".',
        'What is held: "lstm.f=0", "lstm.h0=[1]".',
        'Nothing is written. The answer goes to the language model.',
      ],
    });
    assert.equal(confirmation('info', asked).lines.length, 3);
    assert.match(confirmation('run', { model: 'a' }).lines[1], /on its samples\.$/);
  });

  it('has a title of its own for every tool, and of no other', () => {
    const titles = TOOLS.map(({ name }) => confirmation(name, {}).title);
    assert.equal(new Set(titles).size, TOOLS.length);
    assert.equal(confirmation('constructor', {}).title, confirmation('info', {}).title);
  });

  it('keeps to lines, whatever a language model wrote', () => {
    const evil = `a\u202e\n\n# Title ${'x'.repeat(500)}`;
    for (const asked of [null, 7, [], { model: evil, set: evil, text: { toString: () => evil } }]) {
      for (const line of confirmation('run', asked).lines) {
        assert.ok(!/[\n\u202e]/.test(line) && line.length < 300, line);
      }
    }
  });
});

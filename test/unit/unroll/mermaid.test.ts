import assert from 'node:assert/strict';
import { MAX_COLUMNS, unroll } from '../../../src/unroll/graph';
import { escapeLabel, isDrawable, PANEL_LIMITS, toMermaid, visible } from '../../../src/unroll/mermaid';
import { linear, lstm, network, rnn, STRUCTURES } from './networks';

/** What Mermaid makes of its entity codes. */
function unescape(label: string): string {
  return label.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

describe('Mermaid text', () => {
  it('is an ordinary flowchart', () => {
    const text = toMermaid(unroll(network([rnn()]), { columns: 2, detail: 'gates' }));
    assert.equal(
      text,
      [
        'flowchart LR',
        '  x_0["x₀"]',
        '  x_1["x₁"]',
        '  l0_0_f_left>"rnn, earlier"]',
        '  l0_0_f_right>"rnn, later"]',
        '  subgraph l0_0_f_cell_0["rnn, t = 0"]',
        '    l0_0_f_h_0(["h₀"])',
        '  end',
        '  subgraph l0_0_f_cell_1["rnn, t = 1"]',
        '    l0_0_f_h_1(["h₁"])',
        '  end',
        '  x_0 --> l0_0_f_h_0',
        '  x_1 --> l0_0_f_h_1',
        '  l0_0_f_left ==> l0_0_f_h_0',
        '  l0_0_f_h_0 ==> l0_0_f_h_1',
        '  l0_0_f_h_1 ==> l0_0_f_right',
        '',
      ].join('\n'),
    );
  });

  const NAMES = [
    '<script>alert(1)</script>',
    'a "quoted" name',
    'ends ]',
    'a --> b',
    '`**bold**` _it_ #35; &amp;',
    '1. list',
    '%%{init: {}}%%',
    'style: x #1;',
    'end',
    '양방향 🎉',
    'ﬂ°°35¶ß',
  ];
  for (const name of NAMES) {
    it(`shows a name as it is, never obeys it: ${name}`, () => {
      const label = escapeLabel(name);
      assert.equal(unescape(label), name);
      assert.doesNotMatch(label.replace(/#\d+;/g, ''), /[\]["'`<>{}()|&;:%*.]|--|#/);
    });
  }

  it('keeps a name with a line break on one line', () => {
    const text = toMermaid(
      unroll(network([lstm({ name: 'a\nend\r\n\u2028b' })]), { columns: 1, detail: 'gates' }),
    );
    assert.ok(text.includes('"a↵end↵↵b, t = 0"'));
    const lines = text.split('\n');
    assert.equal(lines.filter((line) => line.trim() === 'end').length, 1);
  });

  it('leaves underscores and hyphens within words alone', () => {
    assert.equal(escapeLabel('char-lstm_1'), 'char-lstm_1');
    assert.equal(escapeLabel('_a_'), '#95;a#95;');
  });

  it('shows control characters and lone surrogates as signs', () => {
    assert.equal(visible('a\tb\u0000\ud800'), 'a⇥b␣\ufffd');
    assert.equal(visible('정상 👍'), '정상 👍');
  });

  it('stays within what the panel lets Mermaid draw, and knows when it does not', () => {
    const widest = unroll(STRUCTURES.lstm, { columns: MAX_COLUMNS, detail: 'gates' });
    assert.ok(isDrawable(toMermaid(widest), widest.edges));
    const deep = unroll(network([lstm({ levels: 1000 })]), { columns: 1, detail: 'gates' });
    assert.ok(deep.edges.length > PANEL_LIMITS.maxEdges);
    assert.ok(!isDrawable(toMermaid(deep), deep.edges));
  });

  it('names a layer that gives one row without a step', () => {
    const net = network([rnn({ returnSequences: false }), linear({ inputs: ['rnn'] })]);
    assert.ok(toMermaid(unroll(net, { columns: 2, detail: 'gates' })).includes('l1_y_3["fc y"]'));
  });
});

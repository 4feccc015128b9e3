/** A model as a Markdown document. */
import assert from 'node:assert/strict';
import { markdown } from '../../../src/export/markdown';
import { unroll } from '../../../src/unroll/graph';
import { toMermaid } from '../../../src/unroll/mermaid';
import { inEnglish } from '../../../src/words/translate';
import { linear, lstm, network } from '../engine/networks';
import { bytesOf } from './runs';

const NETWORK = {
  ...network({ ...lstm(2, { returnSequences: false }), name: 'a|b_c <i>*x*' }, linear(3, 1)),
  name: 'A `net`',
  description: '[link](http://x)\n# no title',
};

async function document(range?: { from: 0; steps: number }, network = NETWORK): Promise<string> {
  const options = { ...(range && { range }), detail: 'cells' as const };
  return Buffer.from(
    await bytesOf(markdown.write({ network, fileName: 'a' }, options, { translate: inEnglish })),
  ).toString();
}

describe('a model as Markdown', () => {
  it('has a title, a table of the layers, and the diagram that unroll prints', async () => {
    const graph = toMermaid(unroll(NETWORK, { columns: 3, detail: 'cells' }));
    assert.equal(
      await document({ from: 0, steps: 3 }),
      [
        '# A \\`net\\`\n',
        '\\[link](http\\://x)↵# no title\n',
        '| Layer | Type | In → out | Parameters |',
        '| --- | --- | --- | --: |',
        '| a\\|b_c \\<i>\\*x\\* | lstm | steps × 2 → 3 | 84 |',
        '| fc | linear | 3 → 1 | 4 |',
        `\n\`\`\`mermaid\n${graph}\`\`\`\n`,
      ].join('\n'),
    );
  });

  it('leaves signs as they are that mean nothing where they stand', async () => {
    const texts: [text: string, written: string][] = [
      ['Recall after 60 steps (GRU), v1.2: 50% + 3!', 'Recall after 60 steps (GRU), v1.2: 50% + 3!'],
      ['snake_case, C:\\models, x > 3, a # b, "q", a|b', 'snake_case, C:\\models, x > 3, a # b, "q", a|b'],
      ['_under_ and __init__', '\\_under\\_ and \\_\\_init\\_\\_'],
      ['\\* ~x~ $y$ &amp; & ; :smile: www.x.y', '\\\\\\* \\~x\\~ \\$y\\$ \\&amp; & ; \\:smile: www\\.x.y'],
      ['# a', '\\# a'],
      ['#1', '#1'],
      ['> a', '\\> a'],
      ['- a', '\\- a'],
      ['-5', '-5'],
      ['---', '\\---'],
      ['1. a', '1\\. a'],
      ['1.5', '1.5'],
      ['5# a', '5# a'],
    ];
    for (const [description, expected] of texts) {
      assert.equal((await document(undefined, { ...NETWORK, description })).split('\n')[2], expected);
    }
  });

  it('refuses a diagram that nobody draws', async () => {
    await assert.rejects(
      document({ from: 0, steps: 1001 }),
      /^RangeError: A diagram has up to 1000 steps, found 1001/,
    );
  });
});

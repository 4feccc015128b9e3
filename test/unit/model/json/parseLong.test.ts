import * as fc from 'fast-check';
import { parseTree } from 'jsonc-parser';
import assert from 'node:assert/strict';
import { NumberList } from '../../../../src/model/json/numberList';
import type { JsonNode } from '../../../../src/model/json/node';
import { parseLongJson } from '../../../../src/model/json/parseLong';
import { Report } from '../../../../src/model/report';

async function parse(text: string, signal?: AbortSignal) {
  const report = Report.of(text, { schema: false, about: 'structure' });
  const root = await parseLongJson(text, report, signal);
  return { root, problems: report.problems };
}

/** A tree as plain data, its parents checked on the way. */
function plain(node: JsonNode | undefined, parent?: JsonNode): unknown {
  if (!node) return undefined;
  assert.equal(node.parent, parent);
  const { type, offset, length, value, children } = node;
  return {
    type,
    offset,
    length,
    value: value as unknown,
    children: children?.map((child) => plain(child, node)),
  };
}

const SPACE = fc.constantFrom('', ' ', '\n', '\t\r\n ', ' /* , ] */ ', '// "x": [1\n');
const JSON_TEXT = fc
  .tuple(fc.json({ maxDepth: 5 }), fc.array(SPACE, { minLength: 1, maxLength: 5 }))
  .map(([text, spaces]) => {
    let k = 0;
    // White space and comments between tokens, which are strings, words and numbers, and signs.
    return text.replace(
      /"(?:[^"\\]|\\.)*"|[\w.+-]+|[{}[\],:]/g,
      (token) => spaces[k++ % spaces.length] + token,
    );
  });

describe('a long JSON text', () => {
  it('is parsed to the tree that jsonc-parser gives', async () => {
    await fc.assert(
      fc.asyncProperty(JSON_TEXT, async (text) => {
        const { root, problems } = await parse(text);
        assert.deepEqual(problems, []);
        assert.deepEqual(plain(root), plain(parseTree(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('may have commas before closing brackets', async () => {
    for (const text of ['[1, 2,]', '{"a": 1,}', '[[1,],]', '[{},]', '{"a": [],}']) {
      const { root, problems } = await parse(text);
      assert.deepEqual(problems, [], text);
      assert.deepEqual(plain(root), plain(parseTree(text, [], { allowTrailingComma: true })), text);
    }
  });

  it('that is broken is refused as ever', async () => {
    const broken = [
      ...[
        '',
        '[',
        '[1',
        '[1,,2]',
        '[,]',
        '{,}',
        '{"a"}',
        '{"a" 1}',
        '{"a":}',
        '{"a": 1 "b": 2}',
        '[1 2]',
        '01',
      ],
      ...[
        '[01]',
        '[1.]',
        '[-]',
        '[1e]',
        '"a',
        '{a: 1}',
        '[1]]',
        '[1] 2',
        '[NaN]',
        '/* ',
        '[1}',
        '{"a": [1}]',
        'nul',
      ],
      '['.repeat(257) + ']'.repeat(257),
      '['.repeat(200_000),
    ];
    for (const text of broken) {
      const { root, problems } = await parse(text);
      assert.equal(root, undefined, text.slice(0, 30));
      assert.ok(problems.length > 0, text.slice(0, 30));
    }
  });

  it('may nest as deep as any', async () => {
    const { root } = await parse('['.repeat(256) + ']'.repeat(256));
    assert.ok(root);
  });

  it('holds its numbers in one array, a node for each only on demand', async () => {
    const { root } = await parse('{"w": [ 1, -2.5e-3 ,0], "x": [1, "a"], "y": []}');
    const [w, x, y] = root!.children!.map(({ children }) => children![1]);
    assert.ok(w instanceof NumberList);
    assert.deepEqual([...w.numbers], [1, -2.5e-3, 0]);
    assert.equal(w.children[1], w.children[1]);
    assert.ok(!(x instanceof NumberList) && !(y instanceof NumberList));
  });

  it('gives the event loop its turn, and can be cancelled', async () => {
    const text = `[${'[1,2,3],'.repeat(200_000)}[4]]`;
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { root } = await parse(text);
    clearInterval(timer);
    assert.equal(root!.children!.length, 200_001);
    assert.ok(turns > 2, `${turns} turns`);
    const cancel = new AbortController();
    const parsing = parse(text, cancel.signal);
    cancel.abort(new Error('enough'));
    await assert.rejects(parsing, /enough/);
  });
});

import assert from 'node:assert/strict';
import { parseJson } from '../../../../src/model/json/parse';
import { Places } from '../../../../src/model/json/places';
import { Report } from '../../../../src/model/report';

function parse(text: string, flavour: 'json' | 'jsonc' = 'jsonc') {
  const report = Report.of(text, { schema: false, about: 'structure' });
  const root = parseJson(text, report, flavour);
  return { root, problems: report.problems };
}

describe('parseJson', () => {
  it('reads comments and trailing commas as JSONC only', () => {
    const text = '// a\n[1, /* b */ 2,]';
    assert.equal(parse(text).root?.children?.length, 2);
    assert.equal(parse(text, 'json').root, undefined);
    assert.equal(parse('[1,2]', 'json').problems.length, 0);
  });

  for (const opening of ['[', '{"a":', '[{"a":']) {
    it(`meets 200,000 times ${opening} with a problem, not with an overflow`, () => {
      const { root, problems } = parse(opening.repeat(200_000));
      assert.equal(root, undefined);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['nested-too-deep'],
      );
    });
  }

  it('does not count brackets in strings and comments', () => {
    assert.ok(parse(`["${'['.repeat(1000)}" /* ${'{'.repeat(1000)} */]`).root);
  });

  it('tells an empty file from one of another kind', () => {
    const code = (text: string) => parse(text).problems.map((problem) => problem.code);
    assert.deepEqual(code(''), ['empty-file']);
    assert.deepEqual(code(' \n// only a comment\n'), ['empty-file']);
    assert.deepEqual(code('\u0089PNG\r\n'), ['not-json']);
    assert.deepEqual(code('PK\u0003\u0004'), ['not-json']);
    assert.deepEqual(code('hello'), ['not-json']);
  });

  it('lists several syntax errors, each with its place, but not a flood of them', () => {
    const { problems } = parse('{\n  "a": ,\n  "b" 1\n}');
    assert.deepEqual(
      problems.map(({ place }) => [place.line, place.column]),
      [
        [2, 8],
        [3, 7],
      ],
    );
    assert.ok(parse(`[${'? '.repeat(5000)}]`).problems.length <= 20);
  });
});

describe('Places', () => {
  it('counts lines and columns from 1, in UTF-16 code units, whatever ends a line', () => {
    const places = new Places('a\r\n🙂b\rc\nd');
    const at = (offset: number) => {
      const { line, column } = places.at(offset, 0);
      return `${line}:${column}`;
    };
    assert.deepEqual([0, 3, 5, 6, 7, 9, 10].map(at), ['1:1', '2:1', '2:3', '2:4', '3:1', '4:1', '4:2']);
  });
});

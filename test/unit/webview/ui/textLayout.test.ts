import assert from 'node:assert/strict';
import { layoutText, tokenAt, written } from '../../../../src/picture/textLayout';

/** The lines as they are written. */
function lines(tokens: readonly string[], room: number, apart = false): string[] {
  const { line, lines: count } = layoutText(tokens, room, apart);
  return Array.from({ length: count }, (_, k) =>
    tokens.flatMap((token, t) => (line[t] === k ? [written(token)] : [])).join(''),
  );
}

describe('the text of the heat map', () => {
  it('moves words on as a whole, and cuts what is longer than a line', () => {
    assert.deepEqual(lines([...'the gates remember'], 10), ['the␣gates␣', 'remember']);
    assert.deepEqual(lines([...'a remembering'], 8), ['a␣', 'remember', 'ing']);
    assert.deepEqual(lines([...'aaaaaaa'], 3), ['aaa', 'aaa', 'a']);
  });

  it('begins a line after the end of one, also an empty one', () => {
    assert.deepEqual(lines([...'ab\n\nc'], 10), ['ab⏎', '⏎', 'c']);
    assert.deepEqual(lines([...'ab\n'], 10), ['ab⏎']);
    assert.equal(layoutText([], 10, false).lines, 0);
  });

  it('keeps words apart, and gives wide letters their room', () => {
    const { x, width } = layoutText(['one', '한글', ''], 40, true);
    assert.deepEqual([...x], [0, 4, 9]);
    assert.deepEqual([...width], [3, 4, 1]);
    assert.deepEqual(lines(['one', 'two', 'three'], 8, true), ['onetwo', 'three']);
  });

  it('finds the token at a place', () => {
    const layout = layoutText([...'ab\ncd'], 10, false);
    assert.deepEqual(
      [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
        [1, 5],
        [2, 0],
        [-1, 0],
      ].map(([line, letter]) => tokenAt(layout, line, letter)),
      [0, 1, 2, 3, -1, -1, -1],
    );
  });

  it('lays out a long text at once', () => {
    const tokens = Array.from({ length: 100_000 }, (_, k) => (k % 7 === 6 ? ' ' : 'x'));
    const { line, lines: count, first } = layoutText(tokens, 90, false);
    assert.equal(first.length, count);
    assert.ok(line.every((one, k) => k === 0 || one === line[k - 1] || one === line[k - 1] + 1));
  });
});

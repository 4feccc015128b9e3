import assert from 'node:assert/strict';
import { keysAt, outlineOf } from '../../../../src/model/json/outline';

describe('outlineOf', () => {
  it('finds the keys of nested objects, with comments and escapes', () => {
    const outline = outlineOf(
      '\uFEFF{ // a } b\n "x\\"": [{"y": 1}, 2], "a" /* ] */ : {"b": {"c": "d\\u0041"}}, }',
    );
    assert.equal(outline.kind, 'object');
    assert.deepEqual([...outline.keys.keys()], ['x"', 'a']);
    assert.equal(outline.keys.get('x"')?.kind, 'array');
    assert.equal(outline.keys.get('x"')?.first?.keys.get('y')?.kind, 'number');
    assert.equal(keysAt(outline, 'a', 'b').get('c')?.string, 'dA');
    assert.equal(keysAt(outline, 'a', 'z').size, 0);
  });

  it('takes the first of a key given twice, and keys such as __proto__ as data', () => {
    const { keys } = outlineOf('{"a": "1", "a": "2", "__proto__": "p"}');
    assert.equal(keys.get('a')?.string, '1');
    assert.equal(keys.get('__proto__')?.string, 'p');
  });

  it('tells what broken text holds as far as it goes', () => {
    assert.ok(outlineOf('{"a": [1, 2').keys.has('a'));
    assert.ok(outlineOf('{"a": {"b": "c').keys.get('a')?.keys.has('b'));
    assert.equal(outlineOf('').kind, 'none');
    assert.equal(outlineOf('[').kind, 'array');
    assert.equal(outlineOf('nul').kind, 'word');
    assert.equal(outlineOf('{"a": ]}, :, "b": 1}').kind, 'object');
    assert.equal(outlineOf('['.repeat(200_000)).kind, 'array');
    assert.equal(outlineOf('{"a":'.repeat(200_000)).kind, 'object');
  });
});

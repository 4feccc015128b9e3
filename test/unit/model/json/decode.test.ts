import assert from 'node:assert/strict';
import {
  boolean,
  Fields,
  float32,
  integer,
  listOf,
  oneOf,
  pathOf,
  string,
  type Decoder,
} from '../../../../src/model/json/decode';
import type { JsonNode } from '../../../../src/model/json/node';
import { parseJson } from '../../../../src/model/json/parse';
import { Report } from '../../../../src/model/report';

function parse(text: string): { node: JsonNode; report: Report } {
  const report = Report.of(text, { schema: true, about: 'structure' });
  const node = parseJson(text, report, 'jsonc');
  assert.ok(node);
  return { node, report };
}

function decode<T>(decoder: Decoder<T>, text: string) {
  const { node, report } = parse(text);
  return { value: decoder(node, report), problems: report.problems.map(({ message }) => message) };
}

describe('decoders', () => {
  it('give the value or say what was expected and found', () => {
    assert.equal(decode(string, '"a"').value, 'a');
    assert.deepEqual(decode(string, '1').problems, ['the file: expected a string, found 1']);
    assert.deepEqual(decode(boolean, '"true"').problems, ['the file: expected true or false, found "true"']);
    assert.equal(decode(integer(1), '1e2').value, 100);
    for (const bad of ['0', '1.5', '"1"', '1e400', 'null', '[1]'])
      assert.equal(decode(integer(1), bad).value, undefined);
    assert.deepEqual(decode(oneOf('a', 'b'), '{}').problems, [
      'the file: expected "a" or "b", found an object',
    ]);
    const words = ['lstm', 'gru', 'rnn', 'linear', 'dropout', 'merge', 'flatten', 'select', 'reshape'];
    assert.deepEqual(decode(oneOf(...words), '"lstn"').problems, [
      'the file: expected one of 9 words, found "lstn"; did you mean "lstm"?',
    ]);
    assert.match(decode(oneOf(...words), '"xyz"').problems[0], /"lstm" or "gru" .*, found "xyz"$/);
    assert.deepEqual(decode(listOf(string), '["a", 1, [], "b"]'), {
      value: undefined,
      problems: ['[1]: expected a string, found 1', '[2]: expected a string, found a list of 0'],
    });
  });

  it('refuse numbers that float32 cannot hold', () => {
    assert.equal(decode(float32, '3.4e38').value, 3.4e38);
    assert.match(decode(float32, '3.5e38').problems[0], /float32/);
    assert.match(decode(float32, '-1e400').problems[0], /float32/);
  });

  it('shorten long strings and keep messages on one line', () => {
    const [message] = decode(boolean, JSON.stringify(`a\n${'x'.repeat(500)}`)).problems;
    assert.ok(message.length < 120 && !message.includes('\n'));
  });
});

describe('Fields', () => {
  it('meets the names of JavaScript objects as data', () => {
    const { node, report } = parse(
      '{ "__proto__": 1, "constructor": 2, "hasOwnProperty": 3, "toString": 4 }',
    );
    const fields = Fields.of(node, report, ['__proto__', 'constructor']);
    assert.equal(fields?.optional('__proto__', integer(0)), 1);
    assert.equal(fields?.optional('constructor', integer(0)), 2);
    assert.equal(fields?.optional('valueOf', integer(0)), undefined);
    assert.deepEqual(
      report.problems.map(({ code, message }) => [code, message.match(/"(\w+)"/)?.[1]]),
      [
        ['unknown-key', 'hasOwnProperty'],
        ['unknown-key', 'toString'],
      ],
    );
  });

  it('takes the first of two equal keys and reports the second', () => {
    const { node, report } = parse('{ "a": 1,\n "a": 2 }');
    assert.equal(Fields.of(node, report, ['a'])?.required('a', integer(0)), 1);
    assert.deepEqual([report.problems[0].code, report.problems[0].place.line], ['duplicate-key', 2]);
  });

  it('suggests the key that was meant', () => {
    const { node, report } = parse('{ "hiddenSize": 1, "nmu_layers": 1, "xyz": 1 }');
    Fields.of(node, report, ['hidden_size', 'num_layers']);
    const [first, second, third] = report.problems.map(({ message }) => message);
    assert.match(first, /did you mean "hidden_size"/);
    assert.match(second, /did you mean "num_layers"/);
    assert.match(third, /known here: hidden_size, num_layers/);
  });
});

describe('Report', () => {
  it('stops listing after 200 problems, and says so', () => {
    const { node, report } = parse(`[${'1,'.repeat(5000)}]`);
    listOf(string)(node, report);
    assert.equal(report.problems.length, 201);
    assert.equal(report.problems[200].code, 'too-many-problems');
  });

  it('remembers which part of the model failed', () => {
    const { node, report } = parse('[]');
    const weights = report.about('weights');
    weights.warning(node, 'a', 'a');
    assert.ok(!weights.failed);
    weights.error(node, 'b', 'b');
    assert.ok(weights.failed && report.about('weights').failed && !report.failed);
  });
});

describe('pathOf', () => {
  it('names a value by the way to it', () => {
    const { node } = parse('{ "a": [1, { "b c": 2 }] }');
    const object = node.children?.[0].children?.[1].children?.[1];
    const value = object?.children?.[0].children?.[1];
    assert.ok(value);
    assert.equal(pathOf(value), 'a[1]["b c"]');
  });
});

import assert from 'node:assert/strict';
import type { Network } from '../../../../src/model/network';
import {
  sequenceFromJson,
  sequenceFromTable,
  sequenceFromText,
  type SequenceReading,
} from '../../../../src/model/sequences';
import { parseTable, type CsvOptions } from '../../../../src/model/sequences/csv';
import { codes, readKeys } from '../support';

async function networkWith(input: Record<string, unknown>): Promise<Network> {
  const { network, problems } = await readKeys({ input });
  assert.ok(network, JSON.stringify(problems));
  return network;
}

const tokens = (input: Record<string, unknown>) => networkWith({ kind: 'token', split: 'char', ...input });
const vectors = (input: Record<string, unknown>) => networkWith({ kind: 'vector', ...input });

function idsOf({ sequence }: SequenceReading): number[] | undefined {
  return sequence?.kind === 'token' ? [...sequence.ids] : undefined;
}

function valuesOf({ sequence }: SequenceReading): number[] | undefined {
  return sequence?.kind === 'vector' ? [...sequence.values] : undefined;
}

function message({ problems }: SequenceReading): string {
  return problems.map((problem) => problem.message).join('\n');
}

describe('sequenceFromText', () => {
  it('splits into code points, in NFC on both sides', async () => {
    const network = await tokens({ vocabulary: ['가'.normalize('NFD'), '나', '🙂', 'é'] });
    assert.deepEqual(idsOf(sequenceFromText(network, '나🙂가')), [1, 2, 0]);
    assert.deepEqual(idsOf(sequenceFromText(network, '나가é'.normalize('NFD'))), [1, 0, 3]);
  });

  it('splits words at every kind of white space and leaves punctuation attached', async () => {
    const network = await tokens({ split: 'word', vocabulary: ['a', 'b.', 'ㄷ'] });
    const text = '\u00a0a\u2003b.\u0085ㄷ\u3000\n\ta ';
    assert.deepEqual(idsOf(sequenceFromText(network, text)), [0, 1, 2, 0]);
    assert.deepEqual(codes(sequenceFromText(network, 'b')), ['error unknown-token']);
  });

  it('puts text into lower case where the input says so', async () => {
    const loud = { split: 'word', vocabulary: ['look', 'LOOK'] };
    assert.deepEqual(
      idsOf(sequenceFromText(await tokens({ ...loud, lowercase: true }), 'Look LOOK')),
      [0, 0],
    );
    assert.deepEqual(idsOf(sequenceFromText(await tokens(loud), 'LOOK look')), [1, 0]);
  });

  it('replaces unknown tokens with a warning, keeping what was written, or names token and position', async () => {
    const known = sequenceFromText(await tokens({ vocabulary: ['?', 'a'], unknown: '?' }), 'abcb');
    assert.deepEqual(idsOf(known), [1, 0, 0, 0]);
    assert.deepEqual(known.sequence?.kind === 'token' && known.sequence.tokens, ['a', 'b', 'c', 'b']);
    assert.deepEqual(codes(known), ['warning unknown-token']);
    const strict = sequenceFromText(await tokens({ vocabulary: ['a'] }), 'ab');
    assert.equal(strict.sequence, undefined);
    assert.match(
      message(sequenceFromText(await tokens({ vocabulary: ['a'] }), 'zxyxz')),
      /^"z" at position 1, "x" at position 2, "y" at position 3 /,
    );
    assert.match(message(strict), /"b" at position 2 is/);
  });

  it('puts prefix and suffix round text alone', async () => {
    const network = await tokens({
      vocabulary: ['<s>', 'a', '</s>'],
      prefix: ['<s>'],
      suffix: ['</s>', '<s>'],
    });
    assert.deepEqual(idsOf(sequenceFromText(network, 'aa')), [0, 1, 1, 2, 0]);
    assert.deepEqual(idsOf(sequenceFromText(network, '')), [0, 2, 0]);
    assert.deepEqual(idsOf(sequenceFromJson(network, '["a"]')), [1]);
    const { problems } = await readKeys({
      input: { kind: 'token', split: 'char', vocabulary: ['a'], suffix: ['a', 'b'] },
    });
    assert.match(message({ problems }), /input.suffix: expected entries of the vocabulary, found "b"/);
  });

  it('meets the names of JavaScript objects as tokens', async () => {
    const network = await tokens({ split: 'word', vocabulary: ['__proto__', 'a'] });
    assert.deepEqual(idsOf(sequenceFromText(network, '__proto__ a')), [0, 1]);
    assert.deepEqual(codes(sequenceFromText(network, 'constructor')), ['error unknown-token']);
  });

  it('says that a sequence is empty, and that numbers are wanted', async () => {
    assert.match(message(sequenceFromText(await tokens({ vocabulary: ['a'] }), '')), /sequence is empty/);
    assert.match(
      message(sequenceFromText(await tokens({ split: 'word', vocabulary: ['a'] }), ' \n')),
      /empty/,
    );
    const numeric = sequenceFromText(await vectors({ size: 2 }), 'a');
    assert.match(message(numeric), /reads 2 numbers per step/);
    assert.equal(numeric.problems.length, 1);
  });
});

describe('sequenceFromJson', () => {
  it('reads steps of features', async () => {
    const network = await vectors({ size: 2 });
    assert.deepEqual(valuesOf(sequenceFromJson(network, '\uFEFF[[1, 2], [3, -4e-3]]')), [
      1,
      2,
      3,
      Math.fround(-0.004),
    ]);
    assert.match(
      message(sequenceFromJson(network, '[[1, 2], [3]]')),
      /\[1\]: expected 2 features per step, found 1/,
    );
    assert.match(
      message(sequenceFromJson(network, '[[1, null]]')),
      /\[0\]\[1\]: expected a number, found null/,
    );
    assert.match(message(sequenceFromJson(network, '[[1, 1e400]]')), /float32/);
    assert.match(message(sequenceFromJson(network, '{}')), /expected the key "input"/);
    for (const [text, expected] of [
      ['[1, 2]', '[[1,2]]'],
      ['[1, 2, 3]', 'found a list of 3 numbers'],
    ]) {
      const flat = sequenceFromJson(network, text);
      assert.equal(flat.problems.length, 1);
      assert.ok(message(flat).includes(expected), message(flat));
    }
    const single = sequenceFromJson(await vectors({ size: 1 }), '[1, 2]');
    assert.match(message(single), /each a list of 1 number, such as \[\[1\],\[2\]\]; found a list of 2/);
    assert.match(message(sequenceFromJson(network, '7')), /expected a list/);
    assert.match(message(sequenceFromJson(network, '[]')), /empty/);
    assert.match(message(sequenceFromJson(network, '[[NaN, 1]]')), /expected a JSON value, found "NaN/);
    assert.deepEqual(codes(sequenceFromJson(network, '['.repeat(200_000))), ['error nested-too-deep']);
  });

  it('reads tokens or ids', async () => {
    const network = await tokens({ vocabulary: ['a', 'bc'] });
    assert.deepEqual(idsOf(sequenceFromJson(network, '["bc", "a"]')), [1, 0]);
    assert.deepEqual(idsOf(sequenceFromJson(network, '[1, 0, 1]')), [1, 0, 1]);
    assert.match(message(sequenceFromJson(network, '[2]')), /id 2 at position 1: expected 0 … 1/);
    assert.match(message(sequenceFromJson(network, '[0.5]')), /whole number/);
    assert.match(message(sequenceFromJson(network, '[-1]')), /whole number/);
    assert.match(message(sequenceFromJson(network, '["a", 1]')), /\[1\]: expected a string, found 1/);
    assert.deepEqual(idsOf(sequenceFromJson(await tokens({ vocabulary: ['a', 'b'] }), '"bab"')), [1, 0, 1]);
  });

  it('reads an object with a sequence for each input', async () => {
    const { network } = await readKeys({
      input: { kind: 'vector', size: 1 },
      layers: [
        { type: 'rnn', hidden_size: 1 },
        { name: 'words', type: 'input', sequence: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' } },
      ],
    });
    const both = sequenceFromJson(network!, '{"words": "ab", "input": [[1], [2]]}');
    assert.deepEqual(valuesOf(both), [1, 2]);
    const words = both.sequence?.more?.get('words');
    assert.deepEqual(words?.kind === 'token' && [...words.ids], [0, 1]);
    assert.equal(sequenceFromJson(network!, '{"input": [[1]]}').sequence?.more, undefined);
    assert.match(message(sequenceFromJson(network!, '{"words": "ab"}')), /expected the key "input"/);
    assert.match(
      message(sequenceFromJson(network!, '{"input": [[1]], "word": "ab"}')),
      /unknown key "word"; did you mean "words"/,
    );
    assert.match(message(sequenceFromJson(network!, '{"input": [[1]], "words": "xb"}')), /"x" at position 1/);
  });
});

/** Of the text of a table. */
const sequenceFromCsv = async (network: Network, text: string, options?: CsvOptions) =>
  sequenceFromTable(network, await parseTable(text), options);

describe('a sequence from a table', () => {
  it('takes no number that is not finite for a name', async () => {
    const network = await vectors({ size: 3 });
    for (const field of ['nan', 'NaN', '-inf', 'Infinity', '1.#QNAN']) {
      const { sequence, problems } = await sequenceFromCsv(network, `1,${field},3\n4,5,6\n`);
      assert.equal(sequence, undefined);
      assert.equal(problems.length, 1);
      assert.match(problems[0].message, /line 1, column 2: expected a number, found "/);
      assert.ok(problems[0].message.includes(field));
    }
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, 'a,nan,b\n4,5,6\n')), [4, 5, 6]);
  });

  it('names separators that are no commas, and quotes that do not fit', async () => {
    const network = await vectors({ features: ['a', 'b'] });
    for (const [text, expected] of [
      ['1;2\n3;4\n', /separated by commas, found semicolons/],
      ['a;b\n1,5;2\n', /separated by commas, found semicolons/],
      ['a\tb\n-1\t2e3\n', /separated by commas, found tabs/],
      ['1 2\n', /separated by commas, found spaces/],
      ['a,b\n"1,5";"2"\n', /line 2: a quote \("\) ends within a field/],
      ['a,b\n1"5,2\n', /line 2: a quote \("\) begins within a field/],
      ['a,b\n"1,2\n', /a field begins with a quote \("\), and no other one ends it/],
    ] as const) {
      const found = await sequenceFromCsv(network, text);
      assert.deepEqual(codes(found), ['error bad-csv'], `${text}: ${message(found)}`);
      assert.match(message(found), expected);
    }
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, 'a,b\n 1 , 2 \n')), [1, 2]);
  });

  it('takes one column of ids for a model that reads tokens', async () => {
    const network = await tokens({ vocabulary: ['a', 'b', 'c'] });
    assert.deepEqual(idsOf(await sequenceFromCsv(network, 'id\n2\n0\n')), [2, 0]);
    assert.deepEqual(idsOf(await sequenceFromCsv(network, '1\n1\n')), [1, 1]);
    for (const [text, line, expected] of [
      ['0\n3\n', 2, /id 3 at position 2: expected 0 … 2/],
      ['0\n0.5\n', 2, /whole number from 0, found 0.5/],
      ['-1\n', 1, /whole number from 0, found -1/],
      ['0\nb\n', 2, /expected a number, found "b"/],
      ['0,1\n', 1, /a table of one column, of ids, found 2 columns/],
      ['', 1, /empty/],
    ] as const) {
      const { problems } = await sequenceFromCsv(network, text);
      assert.equal(problems.length, 1, text);
      assert.match(problems[0].message, expected);
      assert.equal(problems[0].place.line, line);
    }
  });

  it('takes the first line for a header exactly if one of its fields is not a number', async () => {
    const network = await vectors({ size: 2 });
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, '1,2\n3,4\n')), [1, 2, 3, 4]);
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, '\uFEFFa,2\r\n 3 ,+4.5\r\n\r\n')), [3, 4.5]);
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, '1e3,.5\n-1.,5E-1')), [1000, 0.5, -1, 0.5]);
  });

  it('matches columns by name, then by position', async () => {
    const named = await vectors({ features: ['b', 'a'] });
    assert.deepEqual(valuesOf(await sequenceFromCsv(named, 'a,b\n1,2\n')), [2, 1]);
    assert.deepEqual(valuesOf(await sequenceFromCsv(named, '1,2\n')), [1, 2]);
    assert.deepEqual(
      valuesOf(await sequenceFromCsv(named, 'a,c,b\n1,2,3\n', { columns: ['c', 'b'] })),
      [2, 3],
    );
    assert.match(
      message(await sequenceFromCsv(named, 'a,c\n1,2\n')),
      /no column "b"; its columns are "a", "c"/,
    );
    assert.match(message(await sequenceFromCsv(named, 'a,b,b\n1,2,3\n')), /several columns called "b"/);
    assert.match(
      message(await sequenceFromCsv(named, '1\n')),
      /expected 2 columns, one per feature, found 1/,
    );
  });

  it('warns of columns that are not used unless they were left out on purpose', async () => {
    const network = await vectors({ features: ['a'] });
    assert.deepEqual(codes(await sequenceFromCsv(network, 'a,b\n1,2\n')), ['warning unused-column']);
    assert.deepEqual(codes(await sequenceFromCsv(network, 'a,b\n1,2\n', { columns: ['a'] })), []);
  });

  it('warns of lines that are longer than the header, once, and of no blanks there', async () => {
    const network = await vectors({ features: ['a'] });
    const found = await sequenceFromCsv(network, 'a\n1\n2,\n3,4\n5,6,7\n');
    assert.deepEqual(codes(found), ['warning unused-field']);
    assert.match(
      message(found),
      /line 4 and 1 other: expected 1 field, found 2; what is beyond is not read$/,
    );
  });

  it('keeps the rows that where and rows ask for', async () => {
    const network = await vectors({ features: ['v'] });
    const table = 'k,n,v\nx,1,10\ny,1,20\nx,1.0,30\nx,2,40\n"x",1,50\n';
    const read = (where: [string, string | number][], rows?: [number, number]) =>
      sequenceFromCsv(network, table, { columns: ['v'], where: new Map(where), rows });
    assert.deepEqual(valuesOf(await read([['k', 'x']])), [10, 30, 40, 50]);
    assert.deepEqual(
      valuesOf(
        await read([
          ['k', 'x'],
          ['n', 1],
        ]),
      ),
      [10, 30, 50],
    );
    assert.deepEqual(valuesOf(await read([['k', 'x']], [1, 3])), [30, 40]);
    assert.match(message(await read([['k', 'x']], [1, 5])), /expected at most 4.*found 5/);
    assert.match(message(await read([['k', 'z']])), /empty/);
    assert.match(message(await read([['q', 'x']])), /where: the table has no column "q"/);
    assert.match(
      message(await sequenceFromCsv(network, '1\n', { where: new Map([['k', 1]]) })),
      /no header line/,
    );
  });

  it('normalizes every column over the chosen rows, in double precision', async () => {
    const network = await vectors({ size: 3 });
    const table = '1,7,1e300\n3,7,3e300\n5,7,5e300\n1000,0,0\n';
    const read = async (normalize: 'zscore' | 'minmax') =>
      valuesOf(await sequenceFromCsv(network, table, { normalize, rows: [0, 3] }))?.map((value) =>
        value.toFixed(4),
      );
    const [low, high] = ['-1.2247', '1.2247'];
    assert.deepEqual(await read('zscore'), [
      low,
      '0.0000',
      low,
      '0.0000',
      '0.0000',
      '0.0000',
      high,
      '0.0000',
      high,
    ]);
    assert.deepEqual(await read('minmax'), [
      ...['0.0000', '0.0000', '0.0000'],
      ...['0.5000', '0.0000', '0.5000'],
      ...['1.0000', '0.0000', '1.0000'],
    ]);
    assert.match(message(await sequenceFromCsv(network, table)), /line 1, column 3: .*float32/);
  });

  it('names line and column of gaps, counting lines as the file does', async () => {
    const network = await vectors({ features: ['v'] });
    const table = 'note,v\n"two\nlines",1\n,\nx,2\n\ny,nan\n';
    const found = await sequenceFromCsv(network, table, { columns: ['v'] });
    assert.deepEqual(
      found.problems.map(({ place, message: text }) => [place.line, text.match(/line (\d+)/)?.[1]]),
      [
        [4, '4'],
        [6, '6'],
        [7, '7'],
      ],
    );
    assert.match(message(found), /column "v": expected a number, found a blank field/);
    assert.match(message(found), /found "nan"/);
  });

  it('reads audio: one number a line, no header', async () => {
    const network = await vectors({ size: 1 });
    assert.deepEqual(valuesOf(await sequenceFromCsv(network, '0\n0.5\n-0.5\n')), [0, 0.5, -0.5]);
    assert.match(
      message(await sequenceFromCsv(network, '0\n\n0.5\n')),
      /line 2, column 1: expected a number, found a blank/,
    );
  });

  it('refuses tables for token models, broken quotes and empty files', async () => {
    assert.match(
      message(await sequenceFromCsv(await tokens({ vocabulary: ['a'] }), 'a,b\n')),
      /reads tokens; expected text/,
    );
    const network = await vectors({ size: 1 });
    assert.deepEqual(codes(await sequenceFromCsv(network, 'v\n"1\n2\n')), ['error bad-csv']);
    for (const empty of ['', '\n\n', 'v\n'])
      assert.match(message(await sequenceFromCsv(network, empty)), /empty/);
  });

  it('reads a long table in pieces: lines keep their numbers, quoted line ends do not count as rows', async () => {
    const network = await vectors({ features: ['v'] });
    const rows = Array.from({ length: 20_000 }, (_, k) => `${k},"a\n""b"""`);
    const table = `v,note\r\n${rows.join('\r\n')}`;
    const values = valuesOf(await sequenceFromCsv(network, table, { columns: ['v'] }));
    assert.deepEqual(values, Array.from(rows.keys()));
    const broken = await sequenceFromCsv(network, `${table}\r\nx,"end"`, { columns: ['v'] });
    assert.match(message(broken), /line 40002, column "v": expected a number, found "x"/);
  });

  it('counts lines alike with and without quotes, however they end', async () => {
    const network = await vectors({ features: ['v'] });
    for (const end of ['\n', '\r\n', '\r']) {
      for (const [text, line] of [
        ['v,note|1,a|x,b|', 3],
        ['v,note|1,"a"|x,"b"', 3],
        ['v,note|1,"a\nb"|x,c|', 4],
        ['v,note||1,"a"|x,b||', 2],
      ] as const) {
        const table = text.replaceAll('|', end);
        const found = await sequenceFromCsv(network, table, { columns: ['v'] });
        assert.equal(found.problems[0]?.place.line, line, JSON.stringify(table));
      }
    }
  });

  it('lists a few of many faults', async () => {
    const found = await sequenceFromCsv(await vectors({ size: 1 }), 'v\n'.repeat(1000));
    assert.equal(found.problems.length, 11);
    assert.match(message(found), /989 more faults/);
  });

  it('says so where a line has too few fields', async () => {
    const network = await vectors({ size: 3 });
    const found = await sequenceFromCsv(network, '1,2,3\n1,2\n\n4,5,6\n');
    assert.deepEqual(
      found.problems.map(({ message: text }) => text),
      [
        'the table, line 2: expected at least 3 fields, found 2',
        'the table, line 3: expected at least 3 fields, found a blank line',
      ],
    );
  });

  it('says how many columns were expected where more are there, and that the first are taken', async () => {
    const found = await sequenceFromCsv(await vectors({ size: 2 }), '1,2,3\n4,5,6\n');
    assert.deepEqual(codes(found), ['warning unused-column']);
    assert.equal(
      found.problems[0].message,
      'the table: expected 2 columns, one per feature, found 3; the first are taken; 1 unused column: 3',
    );
    assert.deepEqual(valuesOf(found), [1, 2, 4, 5]);
    const named = await sequenceFromCsv(await vectors({ features: ['b'] }), 'a,b\n1,2\n');
    assert.equal(named.problems[0].message, 'the table: 1 unused column: "a"');
    assert.deepEqual(valuesOf(named), [2]);
  });

  it('says of an empty table only that it is empty', async () => {
    const network = await vectors({ features: ['open', 'high'] });
    for (const text of ['', '\n\n']) {
      assert.deepEqual(codes(await sequenceFromCsv(network, text)), ['error empty-sequence']);
    }
  });

  it('says so where features go by position, for want of a header', async () => {
    const network = await vectors({ features: ['open', 'high'] });
    const found = await sequenceFromCsv(network, '1,2\n');
    assert.deepEqual(codes(found), ['warning columns-by-position']);
    assert.match(found.problems[0].message, /taken as "open", "high", in this order/);
    assert.deepEqual(valuesOf(found), [1, 2]);
    assert.deepEqual(codes(await sequenceFromCsv(network, 'high,open\n1,2\n')), []);
  });
});

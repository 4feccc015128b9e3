import assert from 'node:assert/strict';
import type { AttributionFinding } from '../../../src/engine/attribution/findings';
import type { MemoryFinding } from '../../../src/engine/memory';
import type { Layer } from '../../../src/model/network';
import type { Remark } from '../../../src/model/partial';
import { variantsOf } from '../../../src/verify/variants';
import type { Checked, Doubt, Verdict } from '../../../src/verify/verdict';
import { attributionInWords } from '../../../src/words/attribution';
import { memoryInWords } from '../../../src/words/memory';
import { remarkInWords } from '../../../src/words/remarks';
import { remedyInWords } from '../../../src/words/remedies';
import { type Translate, inEnglish } from '../../../src/words/translate';
import { VerdictWords } from '../../../src/words/verdict';
import { gru, linear, lstm, network, randomWeights, rnn } from '../engine/networks';

/** A language that has a dot for every letter. */
const inDots: Translate = (sentence, ...values) => inEnglish(sentence.replace(/\p{L}/gu, '·'), ...values);

/** Words of the sentences themselves: names and figures are put in as they are. */
const wordsIn = (sentences: readonly string[]) => [
  ...new Set(sentences.flatMap((sentence) => sentence.match(/[a-z_]{2,}/gi) ?? [])),
];

const check: Checked = {
  ...{ name: 'Q', steps: 4, rows: 4, units: 2, matches: false, maxError: 0.5, meanError: 0.1, spread: true },
  ...{ constant: false, first: { step: 1, unit: 0, found: 2, expected: 1 } },
};
const verdictOf = (changes: Partial<Verdict>, ...checks: Checked[]): Verdict => ({
  ...{ matches: false, tolerance: 1e-5, tried: 3, checks: checks.length > 0 ? checks : [check] },
  ...changes,
});

describe('what is said', () => {
  it('of a verdict is in the language of the user, all of it', () => {
    const doubts: Doubt[] = [{ code: 'seeded' }, { code: 'input-of-sample', input: 'X', sample: 'Y' }];
    const finding = { remedies: [{ cause: 'skip', added: true }], maxError: 0.1, matches: false } as const;
    const notRun = {
      layer: 'L',
      cause: { type: 'not_run', name: 'N', kind: 'K', reason: 'R', inputs: [], inputSize: 1, outputSize: 1 },
      last: 'A',
    } as const;
    const verdicts = [
      ...doubts.map((doubt) => verdictOf({ doubt })),
      ...(['float32', 'int8', 'float16'] as const).flatMap((precision) =>
        [true, false].map((own) => verdictOf({ rounding: { precision, own }, finding })),
      ),
      ...[verdictOf({}), verdictOf({ finding }), verdictOf({ finding: { ...finding, matches: true } })],
      verdictOf({}, { ...check, constant: true }),
      verdictOf({}, { ...check, nonFinite: 0 }, { ...check, steps: 1, matches: true }),
      verdictOf({}, { ...check, fault: { code: 'units', given: 2, expected: 3 } }),
      ...[1, 4].map((given) => verdictOf({}, { ...check, fault: { code: 'rows', given, expected: 3 } })),
      verdictOf({ matches: true }, { ...check, matches: true, notRun }),
    ];
    const said = (translate?: Translate) => {
      const words = new VerdictWords(translate);
      return verdicts.flatMap((verdict) => [
        words.verdict(verdict),
        ...verdict.checks.map((one) => words.check(one)),
        words.cause(verdict) ?? '',
      ]);
    };
    assert.deepEqual(wordsIn(said(inDots)), ['float']);
    assert.ok(wordsIn(said()).length > 100);
    // A reader's own words on what it does not run go into the sentence as they are.
    const unrun = verdictOf({}, { ...check, notRun });
    assert.deepEqual(wordsIn([new VerdictWords(inDots).verdict(unrun)]), ['is', 'not', 'run']);
  });

  it('of what would make a model match is so too', () => {
    const both = { directions: ['forward', 'backward'] } as const;
    const models: Layer[][] = [
      [gru(2, { hiddenSize: 2, name: 'A' })],
      [lstm(2, { hiddenSize: 2, name: 'A', ...both, merge: 'sum', levels: 2, forgetBias: 1 })],
      [
        rnn(2, { hiddenSize: 2, name: '0', directions: ['backward'] }),
        linear(2, 2, { name: '2', inputs: ['0'] }),
      ],
    ];
    const remedies = models.flatMap((layers) => {
      const model = { network: network(...layers), weights: randomWeights(network(...layers), 1) };
      return [...variantsOf(model)];
    });
    const said = (translate: Translate) => remedies.map((remedy) => remedyInWords(remedy, translate));
    const names = ['PyTorch', 'Keras', 'ONNX', 'TensorFlow', 'tanh', 'relu', 'sigmoid', 'softmax', 'selu'];
    const kinds = ['log', 'leaky', 'elu', 'softplus', 'ave', 'mul', 'float', 'bfloat', 'none'];
    assert.deepEqual(
      wordsIn(said(inDots)).filter((word) => ![...names, ...kinds].includes(word)),
      [],
    );
    assert.ok(remedies.length > 500);
  });

  it('of a sequence is so too', () => {
    const remarks: Remark[] = [1, 6].flatMap((steps) => [
      { code: 'fixed-length', fixed: steps, steps: 9 },
      { code: 'layer-length', layer: 'Q', steps, input: 9 },
    ]);
    assert.deepEqual(wordsIn(remarks.map((remark) => remarkInWords(remark, inDots))), []);
    assert.deepEqual(
      remarks.map((remark) => remarkInWords(remark)),
      [
        'the file fixes sequences to 1 step, this one has 9: it is run as if their number were open',
        '"Q" is given 1 step, the input 9: they are taken as they are',
        'the file fixes sequences to 6 steps, this one has 9: it is run as if their number were open',
        '"Q" is given 6 steps, the input 9: they are taken as they are',
      ],
    );
  });

  it('of a memory is so too', () => {
    const findings: MemoryFinding[] = [
      ...(['no-target', 'unreached', 'no-other-step', 'not-finite', 'uneven'] as const).map((code) => ({
        code,
      })),
      ...([null, 'vanished', 'vanished-at-first', 'exploded'] as const).flatMap((verdict) =>
        [0.5, ...(verdict ? [0] : [])].map((share) => ({
          ...({ code: 'reach', from: 9, to: 0, tiny: share === 0.5 && verdict === 'vanished' } as const),
          ...{ share, verdict },
        })),
      ),
      ...[1, 12].map((steps) => ({ code: 'half-life', steps }) as const),
      ...[5, Infinity].flatMap((halfLife) =>
        [null, 7, Infinity].map(
          (longest) => ({ code: 'gate', gate: 'Q', mean: 0.5, halfLife, longest }) as const,
        ),
      ),
      ...[true, false].map((keeps) => ({ code: 'saturated', signal: 'Q', share: 0.5, keeps }) as const),
      ...[1, 3].map((units) => ({ code: 'dead', units }) as const),
    ];
    const said = memoryInWords(findings, { translate: inDots, step: 't = {0}' });
    assert.deepEqual(wordsIn(said), []);
    assert.match(memoryInWords(findings, { step: 't = {0}' })[5], /from t = 9 reaches t = 0 /);
    assert.match(memoryInWords(findings)[5], /from step 9 reaches step 0 /);
  });

  it('of an attribution is so too', () => {
    const findings: AttributionFinding[] = [
      ...(['no-target', 'unreached'] as const).map((code) => ({ code })),
      { code: 'target-masked', step: 3 },
      ...['input', 'Q'].flatMap((layer) => [
        ...[[4], [1, 2], [1, 2, 3, 4, 5, 6, 7]].map((steps) => ({ code: 'masked', layer, steps }) as const),
        ...[1, 2].map((count) => ({ code: 'not-finite', layer, count, first: 9 }) as const),
      ]),
      ...[64, 4096].map((points) => ({ code: 'incomplete', share: 0.5, points }) as const),
      { code: 'incomplete', share: 560, points: 64 },
      { code: 'first-order', share: 0.5 },
    ];
    assert.deepEqual(wordsIn(attributionInWords(findings, { translate: inDots, step: 't = {0}' })), []);
    const said = attributionInWords(findings);
    assert.equal(said[5], 'step 1, step 2, step 3, step 4, step 5 and 2 more are masked and bring nothing.');
    assert.equal(said[8], 'Q: step 4 is masked and brings nothing.');
    const [some, most, more] = said.slice(-4);
    assert.match(some, /^50% of the difference .* take more than 64 points\.$/);
    assert.match(most, /^50% of the difference .* as many points as there may be\.$/);
    assert.match(more, /^These numbers say nothing: /);
  });
});

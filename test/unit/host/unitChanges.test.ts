/** What a what-if of one unit changes: in which unit most, and how the picture says so. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { MACHINE } from '../../../src/cli/machine';
import { read } from '../../../src/cli/read';
import { sampleChoice } from '../../../src/host/scene';
import { unitChanges } from '../../../src/host/unitChanges';
import { changedSequence } from '../../../src/host/whatIf';
import { wholeRun } from '../../../src/host/wholeRun';
import { withChange } from '../../../src/picture/change';
import { namedTheme } from '../../../src/picture/colour/themes';
import { diagramSheet } from '../../../src/picture/diagram/svg';
import { inputsOf } from '../../../src/picture/inputs';
import { svgText } from '../../../src/picture/svgText';
import type { RunSummary } from '../../../src/protocol';
import { isOfUnits } from '../../../src/whatIf/held';
import { inEnglish } from '../../../src/words/translate';
import { descendants, parseXml } from '../picture/xml';

async function ran(file: string, sets: readonly string[]) {
  const { network, weights, samples } = await read(MACHINE, join(import.meta.dirname, '../../..', file));
  const model = { network: network!, weights: weights!, trained: true };
  const choice = sampleChoice(samples[0]);
  const { choice: changed, clamps } = changedSequence(model.network, choice, sets);
  const [base, run] = [
    (await wholeRun(model, choice, { translate: inEnglish })).numbers,
    (await wholeRun({ ...model, clamps }, changed, { translate: inEnglish })).numbers,
  ];
  const found = await unitChanges(base.trace!, run.trace!, run.summary);
  return { network: model.network, sequence: choice.sequence, base, run, found };
}

describe('what changes by unit', () => {
  it('is the largest change of each row, with its unit', async () => {
    const { base, run, found } = await ran('test/fixtures/pytorch/lstm.rnn.json', ['lstm.f[1]=0']);
    for (const { rows, offset, ...address } of run.summary.signals) {
      if (address.layer === 'input') continue;
      for (let step = 0; step < rows; step++) {
        const [before, after] = await Promise.all([base, run].map((one) => one.values({ ...address, step })));
        const changes = Array.from(after.values, (value, k) => Math.fround(value - before.values[k]));
        const [unit, value] = [found.unit[offset + step], found.value[offset + step]];
        const largest = Math.max(...changes.map(Math.abs));
        assert.equal(Math.abs(value), largest);
        if (largest > 0) assert.equal(value, changes[unit]);
        else assert.equal(unit, -1);
      }
    }
    const f = run.summary.signals.find(({ signal }) => signal === 'f')!;
    assert.equal(found.unit[f.offset], 1, 'the one that is held changes most at first');
  });

  it('is asked of changes of single units of a layer', () => {
    assert.ok(['lstm.f[1]=0', 'lstm.1.c[2]@3..4=0.5'].every(isOfUnits));
    assert.ok(!['lstm.f=0', 'lstm.f@3=[1,2]', 'input[0]@1=2', 'input@1=b'].some(isOfUnits));
  });

  it('stands in the picture beside the letter; an output that is another one has what it was', async () => {
    const { network, sequence, base, run, found } = await ran('media/examples/char-lstm.rnn.json', [
      'lstm.h[3]=30',
    ]);
    const before = base.summary as unknown as RunSummary;
    const shown = withChange({ ...run.summary, unitChanges: found } as unknown as RunSummary, before);
    const steps = sequence.steps;
    const overlay = {
      ...{
        start: 0,
        steps,
        longest: steps,
        playhead: null,
        further: null,
        ...inputsOf(sequence),
        run: shown,
      },
      ...{ ghost: before, changes: ['lstm.h[3]=30'], layer: null, rails: null },
      numbers: { measure: 'change', values: shown.change!.values },
    } as const;
    const shape = { network, columns: 8, detail: 'gates', explained: false } as const;
    const nodes = [...descendants(parseXml(svgText(diagramSheet(shape, overlay, namedTheme('dark')))))];
    const h = nodes.find(({ attributes }) => attributes['data-signal'] === 'h')!;
    assert.equal(h.attributes['data-change-unit'], '3');
    assert.ok([...descendants(h)].some(({ text }) => text === 'h₃'));
    const other = nodes.find(({ attributes }) => attributes['data-was'] !== undefined)!;
    assert.equal(other.attributes['data-signal'], 'y');
    const was = [...descendants(other)].find(({ attributes }) => attributes.class === 'token was')!;
    assert.ok(was.text.length > 0);
    const row = Number(other.attributes['data-step']);
    assert.equal(other.attributes['data-was'], String(before.top.unit[row]));
    assert.notEqual(shown.top.unit[row], before.top.unit[row]);
  });
});

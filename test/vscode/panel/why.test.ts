/** Why a unit has its value: the sum inside its activation, against PyTorch's tensors. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from '../paths';
import type { NodeAddress, Panel } from '../workbench';
import { assertClose, openRun, useVSCode } from './rig';

interface ExpectedSum {
  readonly at: string;
  readonly value: number;
  readonly sum: number;
  readonly terms: readonly (readonly [kind: string, product: number])[];
}

const EXPECTED = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/explain/expected.json'), 'utf8'),
) as Record<string, readonly ExpectedSum[]>;

/** What PyTorch's tensors say of a unit, and where it stands. */
function expected(
  model: string,
  at: string,
): ExpectedSum & { readonly node: NodeAddress; readonly unit: number } {
  const found = EXPECTED[`pytorch/${model}`].find((one) => one.at === at)!;
  const [, layer, level = '0', signal, unit, step] = /^(\w+)\.(?:(\d+)\.)?(\w+)\[(\d+)\]@(\d+)$/.exec(at)!;
  return { ...found, node: { layer, level: Number(level), signal, step: Number(step) }, unit: Number(unit) };
}

interface Bar {
  readonly kind: string;
  readonly from: string;
  readonly value: number;
}

const barsOf = (section: Locator): Promise<Bar[]> =>
  section.locator('[data-term]').evaluateAll((all) =>
    all.map((one) => {
      const { kind = '', from = '', value } = (one as HTMLElement).dataset;
      return { kind, from, value: Number(value) };
    }),
  );

const number = async (section: Locator, name: string) => Number(await section.getAttribute(`data-${name}`));

describe('the view that says why', () => {
  const rig = useVSCode();

  /** Clicks a gate and chooses a unit in its card, as a person does. */
  async function choose(panel: Panel, node: NodeAddress, unit: number): Promise<Locator> {
    await panel.goTo(node.step);
    await panel.node(node).click();
    await panel.readCard(node);
    await panel.card
      .locator('.unit-chip', { hasText: new RegExp(`^${unit}$`) })
      .first()
      .click();
    await panel.press('Escape');
    const section = panel.frame.locator(
      `section[data-view="why"][data-state="ready"][data-signal="${node.signal}"][data-unit="${unit}"][data-step="${node.step}"]`,
    );
    await section.waitFor();
    return section;
  }

  for (const [model, at] of [
    ['lstm', 'lstm.f[2]@3'],
    ['lstm', 'lstm.c[1]@3'],
    ['gru', 'gru.n[3]@6'],
    ['embedding-softmax', 'lstm.1.g[3]@0'],
    ['embedding-softmax', 'fc.y[6]@6'],
  ] as const) {
    it(`adds up ${at} of ${model} as PyTorch does`, async () => {
      const panel = await openRun(rig, `${model}.rnn.json`);
      await panel.openView('why');
      const { node, unit, value, sum, terms } = expected(model, at);
      const section = await choose(panel, node, unit);
      assertClose(await number(section, 'value'), value, 'the value');
      assertClose(await number(section, 'sum'), sum, 'the sum');
      const bars = await barsOf(section);
      assertClose(
        bars.reduce((all, bar) => all + bar.value, 0),
        await number(section, 'sum'),
        'the bars together',
      );
      for (const kind of ['bias', 'input', 'hidden', 'cell']) {
        const own = bars.filter((bar) => bar.kind === kind);
        if (bars.some((bar) => bar.kind === 'rest')) continue;
        const all = terms.filter(([one]) => one === kind).reduce((total, [, product]) => total + product, 0);
        assertClose(
          own.reduce((total, bar) => total + bar.value, 0),
          all,
          `the ${kind} terms`,
        );
      }
      for (const bar of bars.filter(({ kind }) => kind === 'hidden')) {
        const products = terms.filter(([kind]) => kind === 'hidden').map(([, product]) => product);
        assertClose(bar.value, products[Number(/\d+/.exec(bar.from)![0])], bar.from);
      }
    });
  }

  it('says what the gate does, and in one line of the card why', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Show Why');
    const { node, unit } = expected('lstm', 'lstm.f[2]@3');
    const section = await choose(panel, node, unit);
    assert.match(await section.locator('h2').innerText(), /^Why is f₂ = 0\.78 at step 4\?$/);
    assert.match(
      await section.locator('.why-words').innerText(),
      /^Opens: keeps most of c₂ \(.+ → .+; g₂ then adds .+, so c₂ = .+\)/,
    );
    assert.match(
      await section.locator('.why-words').innerText(),
      /Half of c₂ is kept for [\d.]+ steps on average/,
    );
    await panel.hover(node);
    const line = panel.card.locator('[data-because]');
    await panel.eventually('the card says why', async () =>
      /f₂ opens because of \S+ \+\d/.test(await line.innerText()),
    );
  });

  it('goes to the unit whose bar is clicked, by keyboard too, and back', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await panel.openView('why');
    const { node, unit } = expected('lstm', 'lstm.f[2]@3');
    const section = await choose(panel, node, unit);
    const why = panel.frame.locator('section[data-view="why"]');
    const at = (signal: string, k: number, step: number) =>
      panel.frame
        .locator(`section[data-view="why"][data-signal="${signal}"][data-unit="${k}"][data-step="${step}"]`)
        .waitFor();
    const first = section.locator('button[data-kind="hidden"]').first();
    const clicked = Number(/\d+/.exec((await first.getAttribute('data-from'))!)![0]);
    await first.click();
    await at('h', clicked, node.step - 1);
    assert.equal(await panel.frame.locator('input[type="range"]').inputValue(), String(node.step - 1));
    await why.getByRole('button', { name: 'Back to f₂' }).click();
    await at('f', unit, node.step);
    const bars = why.locator('button[data-term]');
    const from = await bars.evaluateAll((all) => all.map((one) => one.dataset.from!));
    const hidden = from.findIndex((name) => name.startsWith('h['));
    const focused = async () => why.locator('button[data-term]:focus').getAttribute('data-from');
    await bars.nth(hidden).focus();
    await panel.press('ArrowUp');
    assert.equal(await focused(), from[hidden - 1]);
    await panel.press('ArrowDown');
    assert.equal(await focused(), from[hidden]);
    await panel.press('Enter');
    await at('h', Number(/\d+/.exec(from[hidden])![0]), node.step - 1);
  });

  it('shows the unit that stands out where none is chosen, and follows the playhead', async () => {
    const panel = await openRun(rig, 'gru.rnn.json');
    const section = await panel.openView('why');
    for (const step of [0, 2, 5]) {
      await panel.goTo(step);
      await panel.frame
        .locator(`section[data-view="why"][data-state="ready"][data-step="${step}"]`)
        .waitFor();
      assert.notEqual(await section.getAttribute('data-unit'), null);
    }
  });

  it('copies the terms, unrounded', async () => {
    const panel = await openRun(rig, 'gru.rnn.json');
    const section = await panel.openView('why');
    await section.getByRole('button', { name: 'Copy the terms' }).click();
    const sum = await section.getAttribute('data-sum');
    await panel.eventually('copied', async () =>
      (await rig.workbench.clipboard()).includes(`sum\t\t\t${sum}`),
    );
  });

  it('says of a masked step that the state before is kept', async () => {
    copyFileSync(
      join(ROOT, 'test/fixtures/autograd/masked-tokens.rnn.json'),
      rig.workspace.path('masked-tokens.rnn.json'),
    );
    const panel = await openRun(rig, 'masked-tokens.rnn.json');
    await panel.openView('why');
    const section = await choose(panel, { layer: 'lstm', signal: 'c', step: 1 }, 1);
    assert.match(
      await section.locator('.why-words').innerText(),
      /^Masked: the step does not count, the state before is kept\./,
    );
    assert.deepEqual(await barsOf(section), [
      { kind: 'cell', from: 'c[1]', value: await number(section, 'value') },
    ]);
  });

  it('explains the run in which a gate is held, and what the gate would have been', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await panel.openView('why');
    const { node, unit } = expected('lstm', 'lstm.f[2]@3');
    await choose(panel, node, unit);
    await panel.hover(node);
    await panel.frame.locator('.card vscode-button', { hasText: 'stays open' }).click();
    const section = panel.view('why').and(panel.frame.locator('[data-state="ready"][data-value="1"]'));
    await section.getByText('Held').waitFor();
    const bars = await barsOf(section);
    const all = bars.reduce((total, { value }) => total + value, 0);
    assertClose(all, await number(section, 'sum'), 'the bars of what it would have been');
    await panel.frame.locator('.what-if vscode-button', { hasText: 'Clear' }).click();
    await section.waitFor({ state: 'detached' });
  });

  it('says of an input that it is given', async () => {
    const panel = await openRun(rig, 'gru.rnn.json');
    await panel.openView('why');
    await panel.goTo(1);
    await panel.node({ layer: 'input', signal: 'x', step: 1 }).click();
    const why = panel.view('why');
    await why.getByText('The input is given: nothing adds up to it.').waitFor();
    assert.equal(await why.getAttribute('data-state'), 'empty');
    assert.equal(await why.locator('[data-term]:visible').count(), 0);
    // What is chosen is kept: other views of the same file have sums to show.
    await panel.press('Escape');
    await panel.node({ layer: 'gru', signal: 'z', step: 1 }).click();
    await panel.openView('why');
  });
});

/** Two models on one input, and one model on two, as a person compares them: against PyTorch's differences. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { HOST, openRun, useVSCode } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures/compare');

interface Figures {
  readonly max: number;
  readonly rms: number;
  readonly firstStep: number | null;
}

const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as Record<
  'models' | 'inputs',
  { readonly steps: number; readonly signals: Record<string, Figures> }
>;

describe('compare', () => {
  const rig = useVSCode();
  let panel: Panel;

  async function differencesAre(expected: Record<string, Figures>): Promise<void> {
    const view = panel.view('differences');
    await view.locator('[data-signal-row]').first().waitFor();
    for (const [name, { max, rms, firstStep }] of Object.entries(expected)) {
      const [layer, signal] = name.split('.');
      const row = view.locator(`[data-signal-row][data-layer="${layer}"][data-signal="${signal}"]`);
      await panel.eventually(`${name} differs by ${max}`, async () => {
        const found = Number(await row.getAttribute('data-max'));
        return Math.abs(found - max) < 2e-6;
      });
      assert.ok(Math.abs(Number(await row.getAttribute('data-rms')) - rms) < 1e-6, name);
      assert.equal(await row.getAttribute('data-first-step'), String(firstStep), name);
    }
  }

  async function compareWith(choice: string, file?: string): Promise<void> {
    await rig.workbench.runCommand('Gatescope: Compare With…');
    await rig.workbench.pickEntry(choice);
    if (file) await rig.workbench.chooseFile(rig.workspace.path(file));
  }

  /** The other model stands below, upside down, in the same columns, under the input of both, and has its own card. */
  async function twoPictures(): Promise<void> {
    const other = panel.frame.locator('[data-run="compared"]');
    const node = other.locator('g[data-layer="renamed"][data-signal="h"][data-step="2"]');
    await node.waitFor();
    const own = panel.node({ layer: 'lstm', signal: 'h', step: 2 });
    const means = await Promise.all(
      [own, node].map(async (one) => Number(await one.getAttribute('data-mean'))),
    );
    assert.ok(means[0] !== means[1] && Math.abs(means[0] - means[1]) < 0.01, means.join());
    const input = panel.node({ layer: 'input', signal: 'x', step: 2 });
    assert.equal(await input.count(), 1);
    const gate = other.locator('g[data-layer="renamed"][data-signal="f"][data-step="2"]');
    const boxes = await Promise.all([own, input, gate, node].map((one) => one.boundingBox()));
    const [above, middle, strip, below] = boxes.map((box) => box!.y + box!.height / 2);
    assert.ok(above < middle && middle < strip && strip < below, boxes.map((box) => box?.y).join());
    assert.ok(Math.abs(boxes[0]!.x - boxes[3]!.x) < 1);
    assert.equal(await panel.frame.locator('.playhead:not([visibility="hidden"])').count(), 1);
    const legend = panel.frame.getByRole('group', { name: 'The runs that are compared' });
    assert.deepEqual((await legend.innerText()).split(/\s+/), ['A', 'base.rnn.json', 'B', 'tuned.rnn.json']);
    await node.hover();
    await panel.frame.locator('.card[data-layer="renamed"][data-step="2"]:not(.waiting)').waitFor();
    const values = (await panel.frame.locator('.card [data-values]').getAttribute('data-values'))!.split(',');
    const mean = values.reduce((sum, value) => sum + Number(value), 0) / values.length;
    assert.ok(Math.abs(mean - means[1]) < 1e-6, `${mean}`);
    await panel.press('Escape');
  }

  before(async () => {
    cpSync(FIXTURES, rig.workspace.path('compare'), { recursive: true });
    panel = await openRun(rig, 'base.rnn.json');
  });

  it('with another model: its differences by size, a click goes to the first step', async () => {
    await compareWith('Another model file', 'compare/tuned.rnn.json');
    await differencesAre(EXPECTED.models.signals);
    await panel.frame.locator('[data-compared="tuned.rnn.json"]').waitFor();
    await twoPictures();
    // The overview has both outputs at the playhead.
    const outputs = ['shown', 'compared'].map((run) =>
      panel.frame.locator(`.overview [data-output="${run}"]`),
    );
    const values = await Promise.all(
      outputs.map(async (one) => Number(await one.getAttribute('data-value'))),
    );
    assert.ok(values.every(Number.isFinite) && values[0] !== values[1], values.join());
    await panel.view('differences').locator('[data-signal="i"] button').click();
    const step = panel.frame.locator('input[type="range"]').first();
    await panel.eventually('at step 3', async () => Number(await step.inputValue()) === 3);
    assert.equal(await panel.view('differences').getAttribute('data-state'), 'ready');
  });

  it('the same model on another sequence', async () => {
    await compareWith('17 steps');
    await differencesAre(EXPECTED.inputs.signals);
    await panel.view('differences').getByText('The first 17 steps are compared').waitFor();
    // What they read differs: each has its own input.
    await panel.frame.locator('[data-run="compared"] g[data-layer="input"]').first().waitFor();
  });

  it('says what another model reads, and leaves the run as it is', async () => {
    cpSync(join(ROOT, 'media/examples'), rig.workspace.path('compare'), { recursive: true });
    await compareWith('Another model file', 'compare/char-lstm.rnn.json');
    await panel.frame
      .getByText(
        'It cannot be compared with char-lstm.rnn.json: input: expected characters per step, found 3 numbers',
      )
      .waitFor();
    assert.ok((await panel.frame.locator('g[data-mean]').count()) > 0);
  });

  it('ends by its chip', async () => {
    await compareWith('17 steps');
    const chip = panel.frame.locator('[data-compared="17 steps"]');
    await chip.getByRole('button').click();
    await chip.waitFor({ state: 'detached' });
  });

  it('the three cells of the recall task stand beside one another, each with its memory', async () => {
    cpSync(join(ROOT, 'media/examples'), rig.workspace.path('compare'), { recursive: true });
    const example = await openRun(rig, 'recall-gru.rnn.json');
    // Offered where one of them is open.
    await example.frame.locator('.footer').getByRole('button', { name: 'Compare RNN, LSTM and GRU' }).click();
    for (const name of ['recall-rnn', 'recall-lstm', 'recall-gru']) {
      await rig.workbench.page
        .locator('.tab', { hasText: `${name}.rnn.json` })
        .first()
        .waitFor();
    }
  });
});

// The Git extension runs in Node, and gives its commits to none in a web worker.
const hasGit = HOST === 'node' && spawnSync('git', ['--version']).status === 0;

(hasGit ? describe : describe.skip)('compare with a commit', () => {
  const rig = useVSCode({ 'git.openRepositoryInParentFolders': 'always' });

  const git = (...args: string[]) => {
    const own = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@example.org',
      '-c',
      'init.defaultBranch=main',
    ];
    const { status, stderr, stdout } = spawnSync('git', [...own, ...args], {
      cwd: rig.workspace.folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr + stdout);
  };

  it('runs the file as it was at HEAD', async () => {
    cpSync(FIXTURES, rig.workspace.path('compare'), { recursive: true });
    git('init');
    git('add', '.');
    git('commit', '-m', 'before');
    // The same model with the weights and the layer's name of the tuned one.
    const tuned = JSON.parse(readFileSync(join(FIXTURES, 'tuned.rnn.json'), 'utf8'));
    const base = JSON.parse(readFileSync(join(FIXTURES, 'base.rnn.json'), 'utf8'));
    rig.workspace.write('compare/base.rnn.json', JSON.stringify({ ...tuned, samples: base.samples }));
    const panel = await openRun(rig, 'base.rnn.json');
    await panel.frame.getByText('tuned').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Compare With…');
    await rig.workbench.pickEntry('This file at git HEAD');
    const row = panel.view('differences').locator('[data-signal-row][data-signal="c"]');
    const { max } = EXPECTED.models.signals['lstm.c'];
    await panel.eventually(
      `c differs by ${max}`,
      async () => Math.abs(Number(await row.getAttribute('data-max')) - max) < 2e-6,
    );
    const chip = panel.frame.locator('[data-compared="base.rnn.json at HEAD"]');
    await chip.waitFor();

    // From the difference of the texts, too.
    await chip.getByRole('button').click();
    await chip.waitFor({ state: 'detached' });
    await rig.workbench.runCommand('Gatescope: Open Source');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.runCommand('Git: Open Changes');
    await rig.workbench.page.locator('.monaco-diff-editor').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Compare Runs');
    await (await rig.workbench.panel('ready')).frame.locator('[data-compared^="base.rnn.json"]').waitFor();
  });

  it('says of a commit without the file, or without its weights, what is missing, and leaves the run', async () => {
    const base = JSON.parse(readFileSync(join(FIXTURES, 'base.rnn.json'), 'utf8'));
    const late = { ...base, weights: { file: 'late.safetensors' } };
    rig.workspace.write('compare/late.rnn.json', JSON.stringify(late));
    git('add', 'compare/late.rnn.json');
    git('commit', '-m', 'without weights');
    cpSync(join(FIXTURES, 'base.safetensors'), rig.workspace.path('compare/late.safetensors'));
    rig.workspace.write('compare/fresh.rnn.json', JSON.stringify(late));
    for (const [name, missing] of [
      ['late', 'late.safetensors'],
      ['fresh', 'fresh.rnn.json'],
    ]) {
      const panel = await openRun(rig, `${name}.rnn.json`);
      await rig.workbench.runCommand('Gatescope: Compare With…');
      await rig.workbench.pickEntry('This file at git HEAD');
      const said = await (await rig.workbench.notification()).innerText();
      assert.match(said, new RegExp(`${name}\\.rnn\\.json at HEAD cannot be compared: .*${missing}`, 's'));
      await rig.workbench.runCommand('Notifications: Clear All Notifications');
      assert.ok((await panel.frame.locator('g[data-mean]').count()) > 0);
    }
  });
});

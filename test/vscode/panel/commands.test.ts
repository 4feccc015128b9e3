/** Commands that ask: for weights, a sequence, what is expected, a library. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { assertClose, expected, openRun, useVSCode } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures');
const KERAS = join(FIXTURES, 'kerasfiles');

interface KerasNumbers {
  readonly input: readonly (readonly number[])[];
  readonly output: readonly (readonly number[])[];
}

function table(rows: readonly (readonly number[])[]): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}

describe('commands that ask', () => {
  // Nothing is left unsaved that closing would ask for.
  const rig = useVSCode({
    'files.autoSave': 'onFocusChange',
    'git.openRepositoryInParentFolders': 'never',
    'workbench.colorTheme': 'Default Dark Modern',
  });

  const copy = (from: string, to: string) => copyFileSync(join(FIXTURES, from), rig.workspace.path(to));

  afterEach(async () => {
    await rig.workbench.runCommand('Notifications: Clear All Notifications');
    await rig.workbench.runCommand('View: Close All Editors');
  });

  /** Opens JSON of another program, which opens as text, in the unrolled view. */
  async function openJson(name: string): Promise<Panel> {
    await rig.workbench.openFile(name);
    // Where it was in the unrolled view before, VS Code opens it there again.
    const text = rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first();
    await text.or(rig.workbench.page.locator('iframe.webview').first()).first().waitFor();
    if (await text.isVisible()) await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    return panel;
  }

  const badge = (panel: Panel) => panel.frame.locator('.title .badge', { hasText: 'untrained' });

  async function isUntrained(panel: Panel): Promise<void> {
    await panel.frame.locator('footer', { hasText: /untrained/ }).waitFor();
    await badge(panel).waitFor();
  }

  async function isTrained(panel: Panel, file: string): Promise<void> {
    await panel.frame.locator('footer', { hasText: file }).waitFor();
    await badge(panel).waitFor({ state: 'hidden' });
    await panel.frame.locator('footer', { hasText: /(?<!un)trained/ }).waitFor();
  }

  describe('Attach Weights…', () => {
    const { input, output } = JSON.parse(readFileSync(join(KERAS, 'expected.json'), 'utf8')) as KerasNumbers;
    const last = { layer: 'head', signal: 'y', step: input.length - 1 };
    let tries = 0;

    it('gives a Keras JSON its weights, for the workspace, until they are detached', async () => {
      // The workspace remembers what was attached: another try takes another file.
      const model = `untrained-${++tries}.json`;
      copy('kerasfiles/legacy/model.json', model);
      mkdirSync(rig.workspace.path('trained'), { recursive: true });
      copy('kerasfiles/legacy/model.h5', 'trained/epoch-40.h5');
      let panel = await openJson(model);
      await isUntrained(panel);
      await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
      await rig.workbench.pickEntry('Type numbers');
      await rig.workbench.answer(JSON.stringify(input));
      await panel.hasRun();
      const before = await panel.hover(last);
      await rig.workbench.runCommand('Gatescope: Attach Weights…');
      await rig.workbench.chooseFile(rig.workspace.path('trained/epoch-40.h5'));
      await isTrained(panel, 'epoch-40.h5');
      await panel.hasRun();
      const after = await panel.hover(last);
      after.values.forEach((value, unit) => assertClose(value, output[last.step][unit], `output ${unit}`));
      assert.notDeepEqual(before.values, after.values);

      await rig.workbench.runCommand('View: Close All Editors');
      panel = await openJson(model);
      await isTrained(panel, 'epoch-40.h5');
      await rig.workbench.runCommand('Gatescope: Attach Weights…');
      await rig.workbench.pickEntry('Detach epoch-40.h5');
      await isUntrained(panel);
    });

    it('is not needed for weights that come to stand beside it', async () => {
      copy('kerasfiles/legacy/model.json', 'later.json');
      const panel = await openJson('later.json');
      await isUntrained(panel);
      copy('kerasfiles/legacy/model.h5', 'later.h5');
      await isTrained(panel, 'later.h5');
      rmSync(rig.workspace.path('later.h5'));
      await isUntrained(panel);
    });
  });

  describe('Run Sample Sequence… on a file', () => {
    async function runFile(file: string): Promise<void> {
      await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
      await rig.workbench.pickEntry('Choose a file');
      await rig.workbench.chooseFile(rig.workspace.path(file));
    }

    it('runs the whole of a short one at once', async () => {
      const { input, output } = shortRun;
      rig.workspace.write('short.csv', table(input));
      copy('statedict/cells.safetensors', 'cells.safetensors');
      const panel = await openRun(rig, 'cells.safetensors');
      await runFile('short.csv');
      await panel.frame.locator('footer', { hasText: `ran ${input.length} steps` }).waitFor();
      await panel.frame.locator('.samples', { hasText: 'short.csv' }).first().waitFor();
      const card = await panel.hover({ layer: 'head', signal: 'y', step: input.length - 1 });
      card.values.forEach((value, unit) =>
        assertClose(value, output[input.length - 1][unit], `output ${unit}`),
      );
    });
  });

  it('Run Sample Sequence… says what was found in a file, until another sequence runs', async () => {
    rig.workspace.write('audio.rnn.json', audioModel());
    rig.workspace.write(
      'stereo.wav',
      wav(
        Float32Array.from({ length: 80 }, (_, t) => Math.sin(t)),
        2,
      ),
    );
    const panel = await openRun(rig, 'audio.rnn.json');
    const found = panel.frame.getByText('the audio has 2 channels: the first is taken');
    assert.equal(await found.count(), 0);
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('stereo.wav'));
    await panel.frame.locator('footer', { hasText: 'ran 40 steps' }).waitFor();
    await found.waitFor();
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('ramp');
    await found.waitFor({ state: 'hidden' });
  });

  it('Run Sample Sequence… says which further inputs a sample stands in for', async () => {
    copy('layers/several-inputs-decoder.rnn.json', 'taken.rnn.json');
    const panel = await openRun(rig, 'taken.rnn.json');
    const taken = panel.frame.locator('footer', { hasText: 'words taken from the sample “sequence”' });
    assert.equal(await taken.count(), 0);
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Type numbers');
    await rig.workbench.answer('1, 0, 0; 0, 1, 0');
    await panel.frame.locator('footer', { hasText: 'ran 2 steps' }).waitFor();
    await taken.waitFor();
  });

  describe('Export…', () => {
    it('asks for a format, steps and signals, writes the file and gives the Python that loads it', async () => {
      const panel = await openRun(rig, 'lstm.rnn.json');
      await panel.frame.getByTitle('More actions').click();
      await panel.frame.getByRole('menuitem', { name: 'Export…' }).click();
      await rig.workbench.pickEntry('CSV');
      await rig.workbench.pickEntry('The window');
      await rig.workbench.pickEntry('The chosen layer');
      const table = rig.workspace.path('window.csv');
      await rig.workbench.chooseFile(table, 'lstm.csv');
      await rig.workbench.notification();
      const [head, ...lines] = readFileSync(table, 'utf8').trimEnd().split('\n');
      assert.equal(head, 'layer,level,direction,signal,step,unit,value');
      const layer = expected('lstm').layers.find((one) => one.layer === lines[0].split(',')[0])!;
      const columns = await panel.frame.locator('main [data-layer="input"]').count();
      assert.equal(new Set(lines.map((line) => line.split(',')[4])).size, columns);
      for (const line of lines) {
        const [, , , signal, step, unit, value] = line.split(',');
        assertClose(Number(value), layer.signals[signal][Number(step)][Number(unit)], line);
      }
      await rig.workbench.runCommand('Notifications: Clear All Notifications');
      await rig.workbench.runCommand('Gatescope: Export…');
      await rig.workbench.pickEntry('NumPy');
      await rig.workbench.pickEntry('All steps');
      await rig.workbench.pickEntry('All signals');
      await rig.workbench.chooseFile(rig.workspace.path('run.npz'), 'lstm.npz');
      const told = await rig.workbench.notification();
      await told.getByRole('button', { name: 'Copy as Python' }).click();
      const load = `run = np.load(${JSON.stringify(rig.workspace.path('run.npz'))})`;
      await panel.eventually('copied', async () => (await rig.workbench.clipboard()).includes(load));
    });
  });

  describe('Check Against Expected Output…', () => {
    const [{ signals }] = expected('lstm').layers;
    const input = lstmInput();

    function writeModel(name: string, tensors: Record<string, unknown>): void {
      rig.workspace.write(
        `${name}.rnn.json`,
        JSON.stringify({
          format: 'rnn-model',
          version: 1,
          name,
          input: { kind: 'vector', size: 3 },
          layers: [{ name: 'lstm', type: 'lstm', hidden_size: 4 }],
          weights: { values: tensors },
          samples: [{ name: 'first', values: input }],
        }),
      );
    }

    function writeExpected(name: string): void {
      rig.workspace.write(`${name}_x.csv`, table(input));
      rig.workspace.write(`${name}_y.csv`, table(signals.h));
    }

    async function check(): Promise<void> {
      await rig.workbench.runCommand('Gatescope: Check Against Expected Output…');
    }

    it('says that a model matches what stands beside it', async () => {
      writeModel('right', lstmTensors('ifgo'));
      writeExpected('right');
      await openRun(rig, 'right.rnn.json');
      await check();
      const message = await rig.workbench.notification('The output is as expected');
      await message.getByRole('button', { name: 'Show Details' }).click();
      await rig.workbench.page
        .locator('.monaco-editor .view-line', { hasText: 'right_x.csv against right_y.csv' })
        .first()
        .waitFor();
    });

    it('names the likely cause where it does not', async () => {
      writeModel('swapped', lstmTensors('iofg'));
      writeExpected('swapped');
      await openRun(rig, 'swapped.rnn.json');
      await check();
      await rig.workbench.notification(/Likely cause: .*ONNX's order/);
    });

    it('asks for two files where none stand beside it', async () => {
      writeModel('alone', lstmTensors('ifgo'));
      rig.workspace.write('measured.csv', table(input));
      rig.workspace.write('wanted.csv', table(signals.h.map((row) => row.map((value) => value + 0.01))));
      await openRun(rig, 'alone.rnn.json');
      await check();
      await rig.workbench.page.locator('.quick-input-widget', { hasText: 'Choose the Input' }).waitFor();
      await rig.workbench.chooseFile(rig.workspace.path('measured.csv'));
      await rig.workbench.page
        .locator('.quick-input-widget', { hasText: 'Choose the Expected Output' })
        .waitFor();
      await rig.workbench.chooseFile(rig.workspace.path('wanted.csv'));
      await rig.workbench.notification(/The output differs: first at step 0, output \d: expected/);
    });
  });

  it('Export as Python… writes a module beside the model and opens it', async () => {
    await openRun(rig, 'gru.rnn.json');
    await rig.workbench.runCommand('Gatescope: Export as Python…');
    await rig.workbench.page.locator('.quick-input-widget', { hasText: 'PyTorch' }).waitFor();
    await rig.workbench.pickEntry('PyTorch');
    await rig.workbench.page.locator('.tab.active', { hasText: 'gru.py' }).waitFor();
    await rig.workbench.page
      .locator('.monaco-editor .view-line', { hasText: 'import torch' })
      .first()
      .waitFor();
    assert.match(readFileSync(rig.workspace.path('gru.py'), 'utf8'), /nn\.GRU\(/);
  });

  it('Open Unrolled View shows JSON that is too large for a text document', async () => {
    rig.workspace.write('large.json', largeStateDict());
    await rig.workbench.openFile('large.json');
    // Where it was in the unrolled view before, VS Code opens it there again.
    const large = rig.workbench.page.getByText('it is very large');
    await large.or(rig.workbench.page.locator('iframe.webview').first()).first().waitFor();
    if (await large.isVisible()) await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
  });

  it('the row of a decoder with steps of its own is drawn, and again when the text changes', async () => {
    copy('layers/several-inputs-decoder.rnn.json', 'decoder.rnn.json');
    const panel = await openRun(rig, 'decoder.rnn.json');
    const card = await panel.hover({ layer: 'decoder', signal: 'h', step: 2 });
    assert.match(card.text, /t = 2 of its own steps/);
    await panel.frame.locator('input[type="range"]').fill('6');
    const last = await panel.hover({ layer: 'head', signal: 'y', step: 6 });
    last.values.forEach((value, unit) => assertClose(value, decoded[6][unit], `output ${unit}`));
    const source = readFileSync(rig.workspace.path('decoder.rnn.json'), 'utf8');
    await rig.workbench.runCommand('Gatescope: Open Source');
    await rig.workbench.page.locator('.monaco-editor .view-line', { hasText: 'several-inputs' }).waitFor();
    await rig.workbench.noPanel();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View to the Side');
    const beside = await rig.workbench.panel('ready');
    await beside.hasRun();
    const renamed = beside.node({ layer: 'out', signal: 'y', step: 0 });
    // The editor takes the keys once it has the focus, which the panel takes as it opens.
    await beside.eventually('the renamed layer', async () => {
      await rig.workbench.replaceText(source.replace(/"head/g, '"out'));
      return renamed.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
    await beside.hasRun();
  });
});

function audioModel(): string {
  return JSON.stringify({
    format: 'rnn-model',
    version: 1,
    input: { kind: 'vector', size: 1 },
    layers: [{ name: 'gru', type: 'gru', hidden_size: 3 }],
    samples: [{ name: 'ramp', values: [[0], [0.5], [1]] }],
  });
}

/** `samples` take turns among the channels. */
function wav(samples: Float32Array, channels = 1): Buffer {
  const header = Buffer.alloc(44);
  const bytes = 2 * samples.length;
  header.write('RIFF');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  [16, 1 | (channels << 16), 44_100, 88_200 * channels, (2 * channels) | (16 << 16)].forEach((value, at) =>
    header.writeUInt32LE(value, 16 + 4 * at),
  );
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([
    header,
    Buffer.from(Int16Array.from(samples, (value) => Math.round(32_767 * value)).buffer),
  ]);
}

const { output: decoded } = JSON.parse(
  readFileSync(join(FIXTURES, 'layers/several-inputs-decoder.expected.json'), 'utf8'),
) as KerasNumbers;
const shortRun = JSON.parse(
  readFileSync(join(FIXTURES, 'statedict/cells.expected.json'), 'utf8'),
) as KerasNumbers;

function lstmInput(): number[][] {
  const { samples } = JSON.parse(readFileSync(join(FIXTURES, 'pytorch/lstm.rnn.json'), 'utf8')) as {
    samples: { values: number[][] }[];
  };
  return samples[0].values;
}

/** The tensors of the fixture `lstm`, its gates stacked in `order`. */
function lstmTensors(order: string): Record<string, unknown> {
  const file = readFileSync(join(FIXTURES, 'pytorch/lstm.safetensors'));
  const start = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const width = shape[1] ?? 1;
        const numbers = Array.from({ length: (to - from) / 4 }, (_, at) =>
          file.readFloatLE(start + from + 4 * at),
        );
        const rows = Array.from({ length: shape[0] }, (_, row) =>
          numbers.slice(row * width, (row + 1) * width),
        );
        const units = rows.length / 4;
        const stacked = [...order].flatMap((gate) =>
          rows.slice('ifgo'.indexOf(gate) * units, ('ifgo'.indexOf(gate) + 1) * units),
        );
        return [name, shape.length === 1 ? stacked.flat() : stacked];
      },
    ),
  );
}

/** Just above 50 MB: a language model whose table has many entries. */
function largeStateDict(): string {
  const [entries, width] = [45_000, 128];
  let seed = 1;
  const number = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5).toFixed(6);
  };
  const matrix = (rows: number, columns: number) =>
    `[${Array.from({ length: rows }, () => `[${Array.from({ length: columns }, number).join(',')}]`).join(',')}]`;
  const vector = (length: number) => `[${Array.from({ length }, number).join(',')}]`;
  return `{
"words.weight": ${matrix(entries, width)},
"gru.weight_ih_l0": ${matrix(24, width)},
"gru.weight_hh_l0": ${matrix(24, 8)},
"gru.bias_ih_l0": ${vector(24)},
"gru.bias_hh_l0": ${vector(24)},
"tag.weight": ${matrix(3, 8)},
"tag.bias": ${vector(3)}
}`;
}

describe('a file that is too long for the memory', () => {
  // From the start: it is not told when VS Code knows of settings that are written while it runs.
  const rig = useVSCode({ 'gatescope.memoryLimit': 16 });

  it('asks which part of a long one is to run', async () => {
    copyFileSync(join(FIXTURES, 'guitar/guitarml-lstm.json'), rig.workspace.path('amp.json'));
    rig.workspace.write(
      'riff.wav',
      wav(Float32Array.from({ length: 400_000 }, (_, t) => Math.sin(t / 8) / 2)),
    );
    await rig.workbench.openFile('amp.json');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('riff.wav'));
    const box = rig.workbench.page.locator('.quick-input-widget');
    await box.locator('text=/riff\\.wav has 400000 steps/').waitFor();
    await box.locator('.input').fill('399000, 2000');
    await box.locator('text=/from 1 to 1000/').waitFor();
    await box.locator('.input').fill('399000, 400');
    await rig.workbench.page.keyboard.press('Enter');
    await panel.eventually(
      '400 steps',
      async () => (await panel.frame.locator('input[type="range"]').getAttribute('max')) === '399',
    );
    await panel.frame.locator('footer', { hasText: 'ran 400 steps' }).waitFor();
    const card = await panel.hover({ layer: 'input', signal: 'x', step: 0 });
    assert.ok(Math.abs(card.values[0] - Math.sin(399_000 / 8) / 2) < 1e-4, `${card.values[0]}`);
  });
});

/** The extension host killed while it writes a file. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { lstm } from '../bench/models';
import { argumentsOf, descendants } from '../processes';
import { HOST, openRun, useVSCode } from './rig';

const UNITS = 1200;
const PARAMETERS = 4 * UNITS * (1 + UNITS + 2);

// In a web worker VS Code's server writes, in a process of its own.
(HOST === 'web' ? describe.skip : describe)('an extension host that is killed', () => {
  const rig = useVSCode();

  const hosts = () =>
    descendants(process.pid).filter((pid) => argumentsOf(pid).includes('--type=extensionHost'));
  const unfinished = () => readdirSync(rig.workspace.folder).filter((name) => name.endsWith('.tmp'));

  // Where it is tried again.
  beforeEach(async () => {
    for (const name of unfinished()) rmSync(rig.workspace.path(name));
    if (hosts().length === 0) await rig.workbench.reload();
  });

  /** Kills it as soon as a file is being written; gives that file. */
  async function killInTheMiddle(): Promise<string> {
    for (;;) {
      const [name] = unfinished();
      if (name) {
        for (const pid of hosts()) process.kill(pid, 'SIGKILL');
        return name;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function exportSteps(steps: string): Promise<void> {
    await rig.workbench.runCommand('Gatescope: Export…');
    await rig.workbench.pickEntry('CSV');
    await rig.workbench.pickEntry(steps);
    await rig.workbench.pickEntry('All signals');
    await rig.workbench.chooseFile(rig.workspace.path('run.csv'), 'long.csv');
    // It is there already: "Are you sure that you want to overwrite it?"
    await rig.workbench.page.keyboard.press('Enter');
  }

  it('in the middle of an export leaves the file before, and nothing for ever', async () => {
    rig.workspace.write('long.rnn.json', lstm({ steps: 30_000, units: 24 }));
    rig.workspace.write('run.csv', 'before');
    await openRun(rig, 'long.rnn.json');
    await exportSteps('All steps');
    const left = await killInTheMiddle();
    assert.equal(readFileSync(rig.workspace.path('run.csv'), 'utf8'), 'before');
    assert.match(left, /^\.run\.csv\./);

    await rig.workbench.reload();
    await (await rig.workbench.panel('ready')).hasRun();
    assert.deepEqual(unfinished(), [left]);
    await exportSteps('The window');
    await rig.workbench.notification('Exported run.csv');
    const lines = readFileSync(rig.workspace.path('run.csv'), 'utf8').split('\n');
    assert.equal(lines[0], 'layer,level,direction,signal,step,unit,value');
    assert.equal(lines.at(-1), '');
    assert.ok(lines.slice(1, -1).every((line) => line.split(',').length === 7));
    assert.deepEqual(unfinished(), []);
    await rig.workbench.runCommand('View: Close All Editors');
  });

  it('in the middle of saving leaves each file as it was, or whole and new', async () => {
    rig.workspace.write('large.rnn.json', lstm({ steps: 3, units: UNITS }));
    const files = ['large.rnn.safetensors', 'large.py'] as const;
    for (const name of files) rig.workspace.write(name, 'before');
    await openRun(rig, 'large.rnn.json');
    await rig.workbench.runCommand('Gatescope: Export as Python…');
    await rig.workbench.pickEntry('PyTorch');
    await rig.workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Replace' }).click();
    await killInTheMiddle();
    const [weights, text] = files.map((name) => readFileSync(rig.workspace.path(name), 'latin1'));
    assert.ok(weights === 'before' || weights.length > 4 * PARAMETERS, `${weights.length} bytes`);
    assert.ok(text === 'before' || /nn\.LSTM\(/.test(text), text);
  });
});

/** At home in VS Code: settings, the status bar, the log, a file that goes, keys and legend. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, readFileSync } from 'node:fs';
import { ROOT } from '../paths';
import { assertCard, assertClose, expected, openRun, useVSCode } from './rig';

/** What `IPython.display.HTML` of the README's lines leaves in a notebook. */
function notebook(page: string): string {
  const inner = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const html = `<iframe srcdoc="${inner}" width="100%" height="700"></iframe>`;
  const data = { 'text/html': [html], 'text/plain': ['<IPython.core.display.HTML object>'] };
  const output = { output_type: 'execute_result', execution_count: 1, metadata: {}, data };
  const cell = { cell_type: 'code', execution_count: 1, metadata: {}, source: ['show()'], outputs: [output] };
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 2 });
}

describe('at home in VS Code', () => {
  const rig = useVSCode({
    'gatescope.columns': 5,
    'gatescope.detail': 'cells',
    'gatescope.colourMode': 'size',
    'gatescope.numberFormat': 'full',
  });

  afterEach(() => rig.workbench.runCommand('View: Close All Editors'));

  it('shows a model as the settings say, until something else is chosen', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    assert.equal((await panel.steps()).length, 5);
    assert.equal(await panel.node({ layer: 'lstm', signal: 'f', step: 0 }).count(), 0);
    assert.ok(await panel.frame.locator('footer', { hasText: 'size (RMS)' }).isVisible());
    const { signals } = expected('lstm').layers[0];
    await panel.frame.getByTitle('Show every gate').click();
    const card = await panel.hover({ layer: 'lstm', signal: 'f', step: 1 });
    const lowest = Math.min(...signals.f[1]);
    const written = Number(/min\s+([\d.]+)/.exec(card.text)?.[1]);
    assertClose(written, lowest, 'the least value as it is written');
    assert.equal(Math.fround(written), card.min);
    await rig.workbench.reload();
    const again = await rig.workbench.panel('ready');
    await again.node({ layer: 'lstm', signal: 'f', step: 0 }).waitFor();
  });

  it('leaves out movement that VS Code or the setting says not to show', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    const moves = () =>
      panel.frame.locator('.card').evaluate((card) => getComputedStyle(card).animationDuration);
    assert.equal(await moves(), '0s');
  });

  it('says in the status bar what the model is and how long it ran', async () => {
    await openRun(rig, 'gru.rnn.json');
    const item = rig.workbench.page.locator('.statusbar-item', { hasText: 'GRU 4 · 108 parameters' });
    await item.waitFor();
    assert.match(await item.innerText(), /GRU 4 · 108 parameters · [\d.]+ ms/);
    await rig.workbench.runCommand('View: Close All Editors');
    await item.waitFor({ state: 'hidden' });
  });

  it('logs what it read and ran, how long it took, and what is wrong with a file', async () => {
    await openRun(rig, 'gru.rnn.json');
    const { layers, ...model } = JSON.parse(readFileSync(rig.workspace.path('lstm.rnn.json'), 'utf8'));
    rig.workspace.write(
      'wrong.rnn.json',
      JSON.stringify({ ...model, layers: [{ ...layers[0], type: 'lstn' }] }),
    );
    await rig.workbench.openFile('wrong.rnn.json');
    await rig.workbench.panel('error');
    await rig.workbench.runCommand('Gatescope: Show Log');
    const chosen = rig.workbench.page.locator('.part.panel .actions-container select');
    await rig.workbench.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLSelectElement>('.part.panel select')].some(
        ({ selectedOptions: [one] }) => one?.label === 'Gatescope',
      ),
    );
    assert.ok((await chosen.count()) > 0);
    for (const line of [
      /^[\d-]+\s[\d:.]+\s\[info\]\sread\s\S+\/gru\.rnn\.json\sas\snative\sin\s\d+\sms$/,
      /^[\d-]+\s[\d:.]+\s\[info\]\sran\sgru\.rnn\.json\s\(\w+\):\s\d+\ssteps\sin\s[\d.]+\sms$/,
      /^[\d-]+\s[\d:.]+\s\[error\]\swrong\.rnn\.json:1:\d+\s[\w-]+$/,
    ]) {
      await rig.workbench.page.locator('.part.panel .view-line', { hasText: line }).first().waitFor();
    }
    await rig.workbench.runCommand('View: Hide Panel');
  });

  it('says that the file is gone, keeps the picture, and goes on where it comes back', async () => {
    const name = 'lstm.rnn.json';
    const panel = await openRun(rig, name);
    const text = readFileSync(rig.workspace.path(name));
    rmSync(rig.workspace.path(name));
    const alert = panel.frame.getByRole('alert');
    await alert.filter({ hasText: 'lstm.rnn.json is no longer there' }).waitFor();
    assert.ok(await panel.node({ layer: 'lstm', signal: 'h', step: 0 }).isVisible());
    rig.workspace.write(name, text);
    await alert.waitFor({ state: 'hidden' });
  });

  it('shows an exported page in a notebook, where it steps and hovers', async () => {
    const page = rig.workspace.path('run.html');
    const model = rig.workspace.path('gru.rnn.json');
    execFileSync(process.execPath, ['dist/cli.js', 'export', model, '-o', page], {
      cwd: ROOT,
      stdio: 'pipe',
    });
    rig.workspace.write('lecture.ipynb', notebook(readFileSync(page, 'utf8')));
    await rig.workbench.openFile('lecture.ipynb');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    const [{ layer, signals }] = expected('gru').layers;
    const at = (step: number) => ({ layer, signal: 'z', step });
    assertCard(await panel.hover(at(1)), signals.z[1], at(1));
    await panel.press('Escape');
    await panel.frame.getByTitle('Next step').click();
    await panel.view('overview').and(panel.frame.locator('[data-playhead="1"]')).waitFor();
  });

  it('opens keys and legend by "?", and closes them by Escape, the playhead where it was', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await panel.goTo(2);
    await panel.press('?');
    const page = panel.frame.getByRole('dialog', { name: 'Keys and Legend' });
    await page.waitFor();
    assert.match(await page.innerText(), /forget gate/);
    await panel.press('ArrowRight');
    await panel.press('Escape');
    await page.waitFor({ state: 'hidden' });
    assert.equal(await panel.view('overview').getAttribute('data-playhead'), '2');
  });
});

/** At home in VS Code: settings, the status bar, the log, a file that goes, keys and legend. */
import assert from 'node:assert/strict';
import { rmSync, readFileSync } from 'node:fs';
import { assertClose, expected, openRun, useVSCode } from './rig';

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

  // What stands in it cannot be seen here: the server that the tests run has no native module to write it with.
  it('has an output channel', async () => {
    await openRun(rig, 'gru.rnn.json');
    await rig.workbench.runCommand('Gatescope: Show Log');
    const chosen = rig.workbench.page.locator('.part.panel .actions-container select');
    await rig.workbench.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLSelectElement>('.part.panel select')].some(
        ({ selectedOptions: [one] }) => one?.label === 'Gatescope',
      ),
    );
    assert.ok((await chosen.count()) > 0);
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

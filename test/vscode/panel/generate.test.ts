/** A network that goes on from a prompt. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import { openRun, useVSCode } from './rig';

const EXAMPLES = join(ROOT, 'media/examples');

describe('generating', () => {
  const rig = useVSCode();

  it('asks for a prompt and a temperature, and shows the run on all of it', async () => {
    for (const file of ['korean-gru.rnn.json', 'korean-gru.safetensors']) {
      copyFileSync(join(EXAMPLES, file), rig.workspace.path(file));
    }
    const panel = await openRun(rig, 'korean-gru.rnn.json');
    await rig.workbench.runCommand('Gatescope: Generate from Prompt…');
    const box = rig.workbench.page.locator('.quick-input-widget input[type="text"]');
    await box.fill('시작이');
    await box.press('Enter');
    await rig.workbench.page.locator('.quick-input-widget', { hasText: 'Temperature' }).waitFor();
    await box.fill('0');
    await box.press('Enter');
    const range = panel.frame.locator('input[type="range"]');
    await panel.eventually('43 steps', async () => (await range.getAttribute('max')) === '42');
    await range.fill('42');
    const card = await panel.hover({ layer: 'gru', signal: 'z', step: 42 });
    assert.ok(card.values.every((value) => value > 0 && value < 1));
  });

  it('says why a network cannot', async () => {
    await openRun(rig, 'gru.rnn.json');
    await rig.workbench.runCommand('Gatescope: Generate from Prompt…');
    await rig.workbench.runCommand('Notifications: Show Notifications');
    const message = rig.workbench.page.locator('.notification-list-item', {
      hasText: 'only a network that reads tokens',
    });
    await message.waitFor();
  });
});

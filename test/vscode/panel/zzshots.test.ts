import { openRun, useVSCode } from './rig';
describe('shots', () => {
  const rig = useVSCode();
  it('takes', async function () {
    this.timeout(240000);
    const { cpSync } = await import('node:fs');
    const { ROOT } = await import('../paths');
    cpSync(`${ROOT}/media/examples`, rig.workspace.path('examples'), { recursive: true });
    let panel = await openRun(rig, 'char-lstm.rnn.json');
    const page = rig.workbench.page;
    await page.setViewportSize({ width: 1440, height: 900 });
    await panel.hover({ layer: 'lstm', signal: 'f', step: 2 });
    await rig.workbench.screenshot('/tmp/gs/wishots/card.png');
    await panel.frame.locator('.card vscode-button', { hasText: 'stays open' }).click();
    await panel.frame.locator('[data-what-if]').waitFor();
    await panel.press('Escape');
    await page.waitForTimeout(1500);
    for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
      await rig.workbench.setTheme(theme);
      await page.waitForTimeout(1200);
      await rig.workbench.screenshot(`/tmp/gs/wishots/${theme}.png`);
    }
    await rig.workbench.setTheme('dark');
    await panel.node({ layer: 'lstm', signal: 'f', step: 2 }).click({ button: 'right' });
    await page.waitForTimeout(800);
    await rig.workbench.screenshot('/tmp/gs/wishots/menu.png');
    await page.keyboard.press('Escape');
    await panel.frame.locator('.what-if vscode-button', { hasText: 'Clear' }).click();
    await page.waitForTimeout(1000);
    await rig.workbench.screenshot(`/tmp/gs/wishots/cleared.png`);
  });
});

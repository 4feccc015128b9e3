/** The panel in Korean, as far as the extension speaks: VS Code's own words stay English, for want of a language pack. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { outside } from './outside';
import { assertClose, expected, openRun, useVSCode } from './rig';

const MODEL = 'English letters, LSTM';

/** Names, which no language changes: of layers, cells and programs, samples and files, functions and keys. */
const NAMES =
  /hello|embedding|head|lstm|rnn|gru|linear|pytorch|safetensors|char|softmax|tanh|rms|exp|step|csv|json|wav|ctrl|shift|enter|escape|home|end|space/gi;

/** Texts of what is on screen, and what is said of it, that are in no Korean though they hold words. */
async function inEnglish(panel: Panel): Promise<string[]> {
  const texts = await panel.frame.evaluate(() => {
    const shown = [...document.querySelectorAll('#root *')].filter(
      (element) =>
        element.getClientRects().length > 0 && !element.closest('style, [data-token], .coloured-text'),
    );
    return shown.flatMap((element) => [
      ...['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      ...[...element.childNodes].flatMap((node) =>
        node.nodeType === Node.TEXT_NODE ? [node.textContent ?? ''] : [],
      ),
    ]);
  });
  const own = texts.filter((text) => !text.startsWith(MODEL));
  const words = own.filter((text) => !/[가-힣]/.test(text) && /[a-z]{3,}/i.test(text.replace(NAMES, '')));
  return [...new Set(words)];
}

describe('in Korean', () => {
  const rig = useVSCode({}, { language: 'ko' });
  let panel: Panel;

  before(async () => {
    cpSync(join(ROOT, 'media/examples'), rig.workspace.path('examples'), { recursive: true });
    panel = await openRun(rig, 'lstm.rnn.json');
  });

  const toggle = (view: string) => panel.frame.locator(`vscode-button[aria-controls="view-${view}"]`).click();

  it('names a gate in the card, with the numbers that it has in English', async () => {
    assert.equal(await panel.frame.evaluate(() => document.documentElement.lang), 'ko');
    const { signals } = expected('lstm').layers[0];
    const card = await panel.hover({ layer: 'lstm', signal: 'f', step: 1 });
    assert.match(card.text, /^망각 게이트/);
    assert.match(card.text, /평균.*최소.*최대/s);
    const mean = signals.f[1].reduce((sum, value) => sum + value, 0) / signals.f[1].length;
    assertClose(card.mean, mean, 'the mean');
    await panel.frame.locator('.card summary', { hasText: '이것은 무엇입니까?' }).click();
    assert.match(await panel.frame.locator('.card-what-is').innerText(), /0이면 모두 잊습니다.*GRU에는/s);
  });

  it('is Korean throughout: the bar, every view, a lesson, the status bar', async () => {
    await rig.workbench.openFile('examples/char-lstm.rnn.json');
    panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await panel.goTo(2);
    await rig.workbench.page.locator('.statusbar-item', { hasText: /LSTM 64 · 파라미터 [\d,]+개/ }).waitFor();
    await panel.openView('explain');
    const explain = panel.view('explain');
    await explain.getByRole('button', { name: '망각 게이트는 잊습니다' }).click();
    await explain.getByRole('button', { name: 'f 열어 두기' }).click();
    await panel.frame.locator('[data-what-if="lstm.f=1"]').waitFor();
    await panel.frame.locator('.row-said', { hasText: '망각' }).first().waitFor();
    for (const view of ['memory', 'attribution', 'why', 'output', 'heatmap', 'matches', 'differences']) {
      await toggle(view);
      await panel.frame.locator(`section[data-view="${view}"]:not([data-state="loading"])`).waitFor();
      assert.deepEqual(await inEnglish(panel), [], view);
      if (view !== 'memory') await toggle(view);
    }
    const memory = await panel.view('memory').innerText();
    assert.match(memory, /t = \d+의 기울기는 t = \d+까지/);
  });

  it('has room for its words, wide and narrow', async () => {
    for (const view of ['memory', 'explain']) await toggle(view);
    for (const width of [1440, 1000]) {
      await rig.workbench.page.setViewportSize({ width, height: 900 });
      let found: string[] = [];
      const fits = async () => (found = await outside(panel)).length === 0;
      await panel
        .eventually(`nothing outside at ${width} px`, fits)
        .catch((error: Error) => assert.fail(`${error.message}: ${found.join(', ')}`));
    }
  });

  it('asks and answers in commands, too', async () => {
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('텍스트 입력…');
    const widget = rig.workbench.page.locator('.quick-input-widget');
    await widget.getByText('텍스트; 문자 하나가 한 시점').waitFor();
    await rig.workbench.answer('☃');
    await rig.workbench.page.keyboard.press('Escape');
  });

  let tries = 0;

  it('says what is wrong with a file, in the panel and at its place, and what a key is for', async () => {
    const said = '"input"에는 다음 중 하나의 이름 필요: "input", "lstm". 실제: "nowhere"';
    const layer = { name: 'lstm', type: 'lstm', hidden_size: 2, input: 'nowhere' };
    const model = { format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 }, layers: [layer] };
    // Opened as text once, a file opens as text from then on.
    const name = `wrong${++tries}.rnn.json`;
    rig.workspace.write(name, JSON.stringify(model, null, 2));
    await rig.workbench.openFile(name);
    const failed = await rig.workbench.panel('error');
    await failed.frame.getByText(said).waitFor();
    await rig.workbench.runCommand('Gatescope: Open Source');
    const { page } = rig.workbench;
    const key = page.locator('.monaco-editor .view-line span span', { hasText: '"hidden_size"' });
    const described = page.locator('.monaco-hover', { hasText: '방향마다 은닉 상태의 유닛 수.' });
    // What describes keys may not have started when the pointer comes.
    const explained = async () => {
      await page.mouse.move(0, 0);
      await key.hover();
      return described.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    };
    await failed.eventually('a hover in Korean', explained);
    await rig.workbench.runCommand('Problems: Focus on Problems View');
    await page.locator('.markers-panel', { hasText: said }).waitFor();
  });
});

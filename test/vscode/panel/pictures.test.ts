/** Pictures that are saved, against what the panel itself shows. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { decodePng } from '../../unit/picture/png';
import { assertStandalone, descendants, parseXml, type XmlElement } from '../../unit/picture/xml';
import { THEMES, type Panel, type Theme } from '../workbench';
import { openRun, useVSCode } from './rig';

/** A node of the diagram, in the picture's own pixels. */
interface Node {
  readonly address: readonly (string | undefined)[];
  readonly box: readonly number[];
  readonly fill: string;
  readonly texts: readonly string[];
}

const ADDRESS = ['layer', 'level', 'direction', 'signal', 'step', 'mean'] as const;

/** What the browser has on screen, as it has computed it. */
function nodesOnScreen(panel: Panel): Promise<Node[]> {
  return panel.frame.evaluate((names) => {
    const svg = document.querySelector<SVGSVGElement>('main .diagram-scroll svg:not(.label-column)')!;
    const into = svg.querySelector<SVGGElement>('g.root')!.getScreenCTM()!.inverse();
    return [...svg.querySelectorAll<SVGGElement>('g[data-signal]')].map((element) => {
      const rect = element.querySelector('rect')!;
      const { x, y, width, height } = rect.getBBox();
      const place = into.multiply(rect.getScreenCTM()!);
      const shown = [...element.querySelectorAll('text')].filter(
        (text) => getComputedStyle(text).visibility !== 'hidden' && text.textContent !== '',
      );
      return {
        address: names.map((name) => element.getAttribute(`data-${name}`) ?? undefined),
        box: [place.e + x, place.f + y, width, height].map((one) => Math.round(10 * one) / 10),
        fill: getComputedStyle(rect).fill.replaceAll(' ', ''),
        texts: shown.map((text) => text.textContent ?? ''),
      };
    });
  }, ADDRESS);
}

function nodesIn(svg: XmlElement): Node[] {
  const signals = [...descendants(svg)].filter(({ attributes }) => attributes['data-signal'] !== undefined);
  return signals.map((element) => {
    const { attributes, children } = element;
    const [x, y] = /translate\((.*),(.*)\)/.exec(attributes.transform)!.slice(1).map(Number);
    const [{ attributes: rect }] = children;
    const box = [x + Number(rect.x), y + Number(rect.y), Number(rect.width), Number(rect.height)];
    const texts = [...descendants(element)].filter((one) => one.tag === 'text' && one.text !== '');
    return {
      address: ADDRESS.map((name) => attributes[`data-${name}`]),
      box: box.map((one) => Math.round(10 * one) / 10),
      fill: rect.style.replace('fill:', ''),
      texts: texts.flatMap(({ attributes: text, text: said }) =>
        text.visibility === 'hidden' ? [] : [said],
      ),
    };
  });
}

describe('pictures', () => {
  const rig = useVSCode();

  async function saved(panel: Panel, name: string, what: string, format: string, theme: string) {
    const path = rig.workspace.path(name);
    rmSync(path, { force: true });
    await panel.frame.getByTitle('More actions').click();
    await panel.frame.getByRole('menuitem', { name: 'Save Picture…' }).click();
    if (what !== '') await rig.workbench.pickEntry(what);
    await rig.workbench.pickEntry(format);
    await rig.workbench.pickEntry(theme);
    await rig.workbench.chooseFile(
      path,
      /heat/i.test(what) ? `lstm-heatmap.${name.slice(-3)}` : `lstm.${name.slice(-3)}`,
    );
    let bytes: Buffer = Buffer.alloc(0);
    await panel.eventually(name, () => {
      bytes = read(path);
      return Promise.resolve(bytes.length > 0);
    });
    return bytes;
  }

  it('of the diagram have the boxes, numbers and colours of the panel, as SVG and as PNG', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await panel.goTo(2);
    const svg = parseXml(
      (await saved(panel, 'shown.svg', 'Unrolled network', 'SVG', 'As in the editor')).toString(),
    );
    assertStandalone(svg);
    const shown = await nodesOnScreen(panel);
    assert.ok(shown.length > 20);
    assert.deepEqual(nodesIn(svg), shown);
    const png = decodePng(
      await saved(panel, 'shown.png', 'Unrolled network', 'PNG, 2 ×', 'As in the editor'),
    );
    const [, , width, height] = svg.attributes.viewBox.split(' ').map(Number);
    assert.deepEqual([png.width, png.height], [Math.ceil(2 * width), Math.ceil(2 * height)]);
    for (const { box, fill, address } of shown) {
      const colour = /rgb\((\d+),(\d+),(\d+)\)/.exec(fill)!.slice(1).map(Number);
      const pixel = png.at(2 * (box[0] + 5), 2 * (box[1] + box[3] / 2));
      for (let k = 0; k < 3; k++)
        assert.ok(Math.abs(pixel[k] - colour[k]) <= 1, `${address.join(' ')}: ${pixel}`);
    }
  });

  it('of the heat map are what is on screen', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    await panel.openView('heatmap');
    await panel.eventually(
      'drawn',
      async () => (await panel.view('heatmap').getAttribute('data-state')) === 'ready',
    );
    const svg = parseXml((await saved(panel, 'map.svg', 'Heat map', 'SVG', 'As in the editor')).toString());
    assertStandalone(svg);
    const [image] = [...descendants(svg)].filter(({ tag }) => tag === 'image');
    const data = Buffer.from(image.attributes.href.replace(/^.*base64,/, ''), 'base64');
    const cells = decodePng(data);
    const canvas = await panel.frame.evaluate(
      ([x, y]) => {
        const [under] = document.querySelectorAll<HTMLCanvasElement>('.heatmap-plot canvas');
        const { data } = under
          .getContext('2d')!
          .getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1);
        return [...data];
      },
      [Number(image.attributes.x) + 3, Number(image.attributes.y) + 2],
    );
    assert.deepEqual([...cells.at(0, 0)], canvas);
  });

  it('are copied and saved from the menu of a view, and copied from the palette', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    const copied = async (what: string, width: number) => {
      let png: ReturnType<typeof decodePng> | undefined;
      await panel.eventually(`${what} in the clipboard`, async () => {
        const bytes = await rig.workbench.copiedPicture();
        png = bytes ? decodePng(bytes) : undefined;
        return png?.width === 2 * width;
      });
      const background = await panel.frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const colour = /(\d+), (\d+), (\d+)/.exec(background)!.slice(1).map(Number);
      assert.deepEqual(png!.at(2, png!.height - 2).slice(0, 3), colour);
    };
    const savedFromMenu = async (name: string, suggested: string) => {
      const path = rig.workspace.path(name);
      rmSync(path, { force: true });
      await rig.workbench.chooseInMenu('Save as SVG…');
      await rig.workbench.chooseFile(path, suggested);
      await panel.eventually('saved', () => Promise.resolve(read(path).length > 0));
      return parseXml(read(path).toString());
    };
    await panel.openView('memory');
    const chart = panel.frame.locator('.lens-chart svg');
    await chart.locator('.lens-line').waitFor();
    await chart.click({ button: 'right' });
    await rig.workbench.chooseInMenu('Copy as PNG');
    await copied('Memory', await chart.evaluate(({ clientWidth }) => clientWidth));
    const gate = panel.node({ layer: 'lstm', signal: 'f', step: 1 });
    await gate.click({ button: 'right' });
    const svg = await savedFromMenu('node.svg', 'lstm.svg');
    assert.deepEqual(nodesIn(svg), await nodesOnScreen(panel));
    await gate.click();
    const why = await panel.openView('why');
    const bars = why.locator('.why-bars [data-term]');
    await bars.first().click({ button: 'right' });
    const sum = await savedFromMenu('why.svg', 'lstm-why.svg');
    const valuesOf = (all: (string | undefined)[]) => all.map(Number);
    assert.deepEqual(
      valuesOf(
        [...descendants(sum)].flatMap(({ attributes }) =>
          attributes['data-term'] === undefined ? [] : [attributes['data-value']],
        ),
      ),
      valuesOf(await bars.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.value))),
    );
    await rig.workbench.runCommand('Gatescope: Copy Picture as PNG');
    await rig.workbench.pickEntry('Unrolled network');
    await copied('the network', Number(svg.attributes.viewBox.split(' ')[2]));
  });

  it('have the colours of the named themes that VS Code has of them', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    const names = { light: 'Light', dark: 'Dark', 'hc-dark': 'High contrast, dark' } as const;
    for (const theme of Object.keys(names) as (keyof typeof names & Theme)[]) {
      await rig.workbench.setTheme(theme);
      const named = await saved(panel, 'named.svg', 'Unrolled network', 'SVG', names[theme]);
      const nodes = nodesIn(parseXml(named.toString()));
      await panel.eventually(`the colours of ${THEMES[theme].label}`, async () => {
        const shown = await nodesOnScreen(panel);
        return JSON.stringify(shown) === JSON.stringify(nodes);
      });
    }
  });
});

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

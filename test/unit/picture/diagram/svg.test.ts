import assert from 'node:assert/strict';
import { run } from '../../../../src/engine/run';
import { summarise } from '../../../../src/engine/statistics';
import { withInput } from '../../../../src/engine/trace';
import type { Network } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import { rowOfStep } from '../../../../src/model/time';
import { css } from '../../../../src/picture/colour/color';
import { createScale } from '../../../../src/picture/colour/scale';
import { namedTheme, THEME_NAMES } from '../../../../src/picture/colour/themes';
import { place } from '../../../../src/picture/diagram/geometry';
import type { Overlay } from '../../../../src/picture/diagram/overlay';
import { diagramSheet } from '../../../../src/picture/diagram/svg';
import { formatValue } from '../../../../src/picture/format';
import { inputsOf } from '../../../../src/picture/inputs';
import { paletteOf, reachOf } from '../../../../src/picture/measure';
import { svgText } from '../../../../src/picture/svgText';
import { unroll } from '../../../../src/unroll/graph';
import { randomWeights } from '../../engine/networks';
import { STRUCTURES } from '../../unroll/networks';
import { assertStandalone, descendants, parseXml, type XmlElement } from '../xml';

const NOTHING: Overlay = {
  ...{ start: 0, steps: 0, longest: 0, playhead: null, inputs: null, further: null },
  ...{ run: null, ghost: null, changes: [], numbers: null, layer: null, rails: null },
};
const COLUMNS = 4;

function drawn(network: Network, overlay: Partial<Overlay> = {}, theme = namedTheme('dark')): XmlElement {
  const shape = { network, columns: COLUMNS, detail: 'gates', explained: false } as const;
  return parseXml(svgText(diagramSheet(shape, { ...NOTHING, ...overlay }, theme)));
}

function signalsIn(svg: XmlElement): XmlElement[] {
  return [...descendants(svg)].filter(({ attributes }) => attributes['data-signal'] !== undefined);
}

function textsOf(element: XmlElement): string[] {
  return [...descendants(element)].filter(({ tag }) => tag === 'text').map(({ text }) => text);
}

describe('the unrolled picture as SVG', () => {
  for (const [name, network] of Object.entries(STRUCTURES)) {
    it(`is well-formed, and has every node at its place: ${name}`, () => {
      const svg = drawn(network);
      assertStandalone(svg);
      const graph = unroll(network, { columns: COLUMNS, detail: 'gates' });
      const { nodes, edges, width, height } = place(graph, network);
      assert.equal(svg.attributes.viewBox, `0 0 ${width} ${height}`);
      const boxes = [...descendants(svg)].filter(({ attributes }) => attributes.class?.startsWith('node '));
      const places = boxes.map(({ attributes, children: [rect] }) => {
        assert.equal(rect.tag, 'rect');
        return [attributes.transform, rect.attributes.width, rect.attributes.height].join(' ');
      });
      const expected = graph.nodes.map(({ id }) => {
        const { x, y, ...box } = nodes.get(id)!;
        return [`translate(${x},${y})`, box.width, box.height].join(' ');
      });
      assert.deepEqual(places, expected);
      const wires = [...descendants(svg)].filter(({ attributes }) => attributes['marker-end']);
      assert.equal(wires.length, edges.size);
      assert.ok(signalsIn(svg).every(({ attributes }) => attributes['data-mean'] === undefined));
    });
  }

  it('has the numbers of a run, in the colours of the scale', async () => {
    const network = STRUCTURES.lstm;
    const values = Float32Array.from({ length: 3 * 6 }, (_, k) => Math.sin(k));
    const sequence: Sequence = { kind: 'vector', size: 3, steps: 6, values };
    const trace = withInput(await run(network, randomWeights(network, 9), sequence), sequence);
    const summary = await summarise(network, trace);
    const theme = namedTheme('light');
    const scale = createScale(theme);
    const svg = drawn(
      network,
      {
        ...{ start: 2, steps: 6, longest: 6, inputs: inputsOf(sequence).inputs, run: summary },
        numbers: { measure: 'mean', values: summary.mean },
      },
      theme,
    );
    const signals = signalsIn(svg);
    assert.equal(signals.filter(({ attributes }) => attributes['data-signal'] === 'f').length, COLUMNS);
    for (const signal of signals) {
      const { attributes, children } = signal;
      const address = {
        layer: attributes['data-layer'],
        level: Number(attributes['data-level']),
        direction: attributes['data-direction'],
        signal: attributes['data-signal'],
      };
      const found = summary.signals.find((one) =>
        Object.entries(address).every(([key, value]) => one[key as 'layer'] === value),
      )!;
      const row = rowOfStep({ steps: 6 }, found, Number(attributes['data-step']));
      const mean = summary.mean[found.offset + row];
      assert.equal(attributes['data-mean'], String(mean));
      if (address.layer === 'input') {
        const step = Number(attributes['data-step']);
        const shown = [...values.subarray(step * 3, step * 3 + 3)].map(formatValue);
        assert.deepEqual(textsOf(signal), shown);
        continue;
      }
      const swatch = scale.swatch(paletteOf(found, 'mean'), mean / reachOf(found, 'mean'));
      assert.equal(children[0].attributes.style, `fill:${swatch.fill}`);
      const number = textsOf(signal)[1].replace(/^(−?)\./, '$10.');
      const digit = Math.abs(mean) < 0.99 ? 0.01 : 0.1;
      assert.ok(Math.abs(Number(number.replace('−', '-')) - mean) <= 0.501 * digit, `${number}: ${mean}`);
    }
    const steps = [...descendants(svg)].filter(({ attributes }) => attributes.class === 'step');
    assert.deepEqual(
      steps.map(({ text }) => text),
      ['t = 2', 't = 3', 't = 4', 't = 5'],
    );
    assert.equal(svg.children[0].text, 'test, steps 3 to 6 of 6 (t = 2 to 5)');
  });

  it('has a compared network under the other one, the input of both once', () => {
    const compared = { network: STRUCTURES.gru, sharesInput: true };
    const shape = {
      network: STRUCTURES.lstm,
      columns: 2,
      detail: 'gates',
      explained: false,
      compared,
    } as const;
    const svg = parseXml(svgText(diagramSheet(shape, NOTHING, namedTheme('light'), NOTHING)));
    assertStandalone(svg);
    const [upper, lower] = svg.children.filter(({ attributes }) => attributes.class?.startsWith('root'));
    assert.match(lower.attributes.class, /mirrored/);
    const named = (root: XmlElement, letter: string) =>
      signalsIn(root).filter(({ attributes }) => attributes['data-signal'] === letter).length;
    assert.deepEqual([named(upper, 'f'), named(upper, 'x'), named(upper, 'z')], [2, 2, 0]);
    assert.deepEqual([named(lower, 'f'), named(lower, 'x'), named(lower, 'z')], [0, 0, 2]);
  });

  it('takes every name as a text', () => {
    const names = ['</text><script>alert(1)</script>', '"&\u0000\ud800\u202e', 'javascript:alert(1)', ']]>'];
    for (const name of names) {
      const [lstm, ...others] = STRUCTURES.lstm.layers;
      const network: Network = {
        ...STRUCTURES.lstm,
        name,
        layers: [{ ...lstm, name }, ...others.map((layer) => ({ ...layer, inputs: [name] }))],
        input: { kind: 'token', vocabulary: [name], split: 'word', oneHot: true } as never,
      };
      const svg = drawn(network, {
        ...{ steps: 4, longest: 4 },
        inputs: { kind: 'token', tokens: [name, name, name, name] },
      });
      assertStandalone(svg);
      const layers = signalsIn(svg).map(({ attributes }) => attributes['data-layer']);
      assert.ok(layers.includes(name.replace(/[\u0000\ud800]/g, '\ufffd')));
    }
  });

  it('has the colours of its theme', () => {
    const backgrounds = THEME_NAMES.map((name) => {
      const theme = namedTheme(name);
      const svg = drawn(STRUCTURES.gru, {}, theme);
      const [, style, background] = svg.children;
      assert.ok(style.text.includes(`text { fill: ${css(theme.foreground)};`));
      return background.attributes.fill;
    });
    assert.deepEqual(backgrounds, [
      ...['rgb(31,31,31)', 'rgb(255,255,255)', 'rgb(0,0,0)', 'rgb(255,255,255)', 'rgb(255,255,255)'],
    ]);
  });

  it('is as large as its scale says, and no larger than can be drawn', () => {
    const shape = { network: STRUCTURES.lstm, columns: 2, detail: 'cells', explained: false } as const;
    const sheet = diagramSheet(shape, NOTHING, namedTheme('print'));
    const { attributes } = parseXml(svgText(sheet, 2.5));
    assert.deepEqual([attributes.width, attributes.height].map(Number), [
      sheet.width * 2.5,
      sheet.height * 2.5,
    ]);
    assert.throws(
      () => diagramSheet({ ...shape, columns: 65 }, NOTHING, namedTheme('print')),
      /1 to 64 steps/,
    );
  });
});

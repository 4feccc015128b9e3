import assert from 'node:assert/strict';
import { differencesOf } from '../../../../src/differences/differences';
import type { LayerTrace, Trace } from '../../../../src/engine/trace';
import { namedTheme } from '../../../../src/picture/colour/themes';
import { rowsOf } from '../../../../src/picture/differences/rows';
import { differencesSheet } from '../../../../src/picture/differences/svg';
import { svgText } from '../../../../src/picture/svgText';
import { assertStandalone, descendants, parseXml } from '../xml';

function traceOf(signals: Readonly<Record<string, readonly number[]>>, layer = 'rnn'): Trace {
  const own = Object.entries(signals).map(([signal, rows]) => ({
    ...{ signal, units: 1, rows: rows.length, values: Float32Array.from(rows) },
  }));
  const only: LayerTrace = { layer, type: 'rnn', level: 0, direction: 'forward', signals: own };
  return { steps: own[0].rows, layers: [only], output: own[0] };
}

describe('the picture of differences', () => {
  it('has the largest difference first, a bar as long as each is, and what is the same', async () => {
    const a = traceOf({ h: [1, 2, 3], s: [1, 1, 1], r: [0, 0, 1] });
    const b = traceOf({ h: [1, 2.5, 3], s: [1, 1, 1], r: [0, 0, 2] }, 'cell');
    const found = await differencesOf(a, b, 1e-5);
    const svg = parseXml(
      svgText(
        differencesSheet({ title: 'a and b', notes: ['a note'] }, rowsOf(found), namedTheme('hc-dark')),
      ),
    );
    assertStandalone(svg);
    const texts = [...descendants(svg)].filter(({ tag }) => tag === 'text').map(({ text }) => text);
    assert.deepEqual(texts, [
      ...['a and b', 'a note', 'signal', 'largest', 'rms', 'from step'],
      ...['rnn.r and cell.r', '3', '1.00', '0.58'],
      ...['rnn.h and cell.h', '2', '0.50', '0.29'],
      ...['rnn.s and cell.s', '–', 'the same'],
    ]);
    const bars = [...descendants(svg)].filter(({ attributes }) => attributes.class === 'bar');
    const [longest, half] = bars.map(({ attributes }) => Number(attributes.width));
    assert.equal(bars.length, 2);
    assert.equal(half, longest / 2);
  });
});

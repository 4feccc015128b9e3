/** `export` of pictures. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScale } from '../../../src/picture/colour/scale';
import { namedTheme } from '../../../src/picture/colour/themes';
import { percent } from '../../../src/picture/format';
import { decodePng, type Pixels } from '../picture/png';
import { assertStandalone, descendants, parseXml, type XmlElement } from '../picture/xml';
import { gatescope } from './gatescope';

const EXAMPLES = join(import.meta.dirname, '../../../media/examples');
const FIXTURES = join(import.meta.dirname, '../../fixtures');

describe('export of pictures', function () {
  this.timeout(20_000);
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), 'gatescope-picture-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function exported(model: string, name: string, ...args: string[]): Promise<Buffer> {
    const file = join(folder, name);
    const { status, stderr } = await gatescope(
      'export',
      join(EXAMPLES, `${model}.rnn.json`),
      '-o',
      file,
      ...args,
    );
    assert.equal(status, 0, stderr);
    return readFileSync(file);
  }

  async function svg(model: string, ...args: string[]): Promise<XmlElement> {
    const root = parseXml((await exported(model, 'picture.svg', ...args)).toString());
    assertStandalone(root);
    return root;
  }

  const png = async (model: string, ...args: string[]): Promise<Pixels> =>
    decodePng(await exported(model, 'picture.png', ...args));

  const textsOf = (root: XmlElement) =>
    [...descendants(root)].filter(({ tag }) => tag === 'text').map(({ text }) => text);

  const signals = (root: XmlElement) =>
    [...descendants(root)].filter(({ attributes }) => attributes['data-signal'] !== undefined);

  it('draws the steps that are asked for, with the numbers that run prints', async () => {
    const { stdout } = await gatescope('run', join(EXAMPLES, 'char-lstm.rnn.json'), '--json');
    const { f } = JSON.parse(stdout).layers.find(({ layer }: { layer: string }) => layer === 'lstm').signals;
    const found = signals(await svg('char-lstm', '--from', '1', '--steps', '3')).filter(
      ({ attributes }) => attributes['data-signal'] === 'f',
    );
    assert.deepEqual(
      found.map(({ attributes }) => attributes['data-step']),
      ['1', '2', '3'],
    );
    found.forEach(({ attributes }, k) => {
      const row: number[] = f[k + 1];
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      assert.ok(Math.abs(Number(attributes['data-mean']) - mean) < 1e-6);
    });
    const all = signals(await svg('char-lstm')).filter(({ attributes }) => attributes['data-signal'] === 'f');
    assert.equal(all.length, f.length, 'a short sequence whole');
  });

  it('says what is held, and leaves values away where they are not wanted', async () => {
    const held = signals(await svg('char-lstm', '--set', 'lstm.f@1=1')).filter(
      ({ attributes }) => attributes['data-held'] !== undefined,
    );
    assert.deepEqual(
      held.map(({ attributes }) => [
        attributes['data-signal'],
        attributes['data-step'],
        attributes['data-mean'],
      ]),
      [['f', '1', '1']],
    );
    const root = await svg('char-lstm', '--set', 'lstm.f@1=1', '--set', 'lstm.c[3]=0');
    assert.ok(textsOf(root).includes('what-if: lstm.f@1=1; lstm.c[3]=0'));
    const heat = await svg('char-lstm', '--view', 'heatmap', '--set', 'lstm.f=1');
    assert.ok(textsOf(heat).includes('what-if: lstm.f=1'));
    const bare = await svg('char-lstm', '--no-values', '--steps', '2', '--detail', 'cells');
    assert.ok(signals(bare).length > 0);
    assert.ok(signals(bare).every(({ attributes }) => attributes['data-mean'] === undefined));
    const texts = [...descendants(bare)].filter(({ attributes }) => attributes.class === 'value');
    assert.ok(texts.length > 0 && texts.every(({ text }) => text === ''));
  });

  it('draws how likely the likeliest class is inside of its box', async () => {
    const nodes = signals(await svg('tagger-bilstm')).filter(
      ({ attributes }) => attributes['data-layer'] === 'head',
    );
    const bars = nodes.map((node) => {
      const [box] = node.children;
      const bar = [...descendants(node)].find(({ attributes }) => attributes.class === 'bar')!;
      const of = ({ attributes }: XmlElement, name: string) => Number(attributes[name]);
      const inset = of(bar, 'x') - of(box, 'x');
      const beyond = of(box, 'x') + of(box, 'width') - of(bar, 'x') - of(bar, 'width');
      assert.ok(inset >= of(box, 'rx') && beyond >= of(box, 'rx'));
      assert.ok(of(bar, 'y') + of(bar, 'height') < of(box, 'y') + of(box, 'height'));
      return of(bar, 'width') / (of(box, 'width') - 2 * inset);
    });
    assert.equal(bars.length, 5);
    assert.ok(bars.every((share) => share > 0.9 && share <= 1));
  });

  it('draws every unit of a signal in the colours of their values', async () => {
    const { stdout } = await gatescope('run', join(EXAMPLES, 'char-lstm.rnn.json'), '--json');
    const { f } = JSON.parse(stdout).layers.find(({ layer }: { layer: string }) => layer === 'lstm').signals;
    const root = await svg('char-lstm', '--view', 'heatmap', '--signal', 'lstm.f', '--theme', 'dark');
    const [image] = [...descendants(root)].filter(({ tag }) => tag === 'image');
    const cells = decodePng(Buffer.from(image.attributes.href.split(',')[1], 'base64'));
    const scale = createScale(namedTheme('dark'));
    const [rows, units] = [f.length, f[0].length];
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < units; unit++) {
        const [x, y] = [((row + 0.5) / rows) * cells.width, ((unit + 0.5) / units) * cells.height];
        const [r, g, b] = cells.at(x, y);
        assert.equal(`rgb(${r},${g},${b})`, scale.swatch('gate', f[row][unit]).fill);
      }
    }
    const texts = textsOf(root);
    assert.equal(texts[0], 'char-lstm.rnn.json · hello · forget gate f, lstm');
    for (const text of ['0', 'h', 'e', 'l', 'o', '1.00', 'max']) assert.ok(texts.includes(text), text);
    const [, , width, height] = root.attributes.viewBox.split(' ').map(Number);
    // One cell ends where the next begins, to the right and below.
    const { attributes: box } = image;
    const whole = await png(
      'char-lstm',
      '--view',
      'heatmap',
      '--signal',
      'lstm.f',
      '--theme',
      'dark',
      '--scale',
      '2',
    );
    const [, dy] = /translate\((.*),(.*)\)/
      .exec(
        [...descendants(root)].find(({ children }) =>
          children.some((one) => [...descendants(one)].includes(image)),
        )!.attributes.transform,
      )!
      .slice(1)
      .map(Number);
    const y = Math.round(2 * (dy + Number(box.y) + (0.5 * Number(box.height)) / units));
    const fills = (f as number[][]).map(([first]) =>
      scale.swatch('gate', first).fill.match(/\d+/g)!.map(Number),
    );
    for (let x = Math.ceil(2 * Number(box.x)) + 1; x < 2 * (Number(box.x) + Number(box.width)) - 2; x++) {
      const pixel = whole.at(x, y);
      for (const channel of [0, 1, 2]) {
        const all = fills.map((fill) => fill[channel]);
        assert.ok(
          pixel[channel] >= Math.min(...all) - 1 && pixel[channel] <= Math.max(...all) + 1,
          `x = ${x}: ${pixel}`,
        );
      }
    }
    const pixels = await png('char-lstm', '--view', 'heatmap', '--scale', '1.5');
    assert.deepEqual([pixels.width, pixels.height], [Math.ceil(1.5 * width), Math.ceil(1.5 * height)]);
  });

  it('draws how far the output reaches, and what was predicted, with the numbers of gradient and run', async () => {
    const memory = await svg('recall-lstm', '--view', 'memory', '--theme', 'dark');
    assert.equal(
      textsOf(memory)[0],
      'recall-lstm.rnn.json · a, then 60 others · t = 61: how far “a” reaches',
    );
    for (const name of ['|∂y/∂c|', 't', 'lstm']) assert.ok(textsOf(memory).includes(name), name);
    assert.ok(textsOf(await svg('co2-rnn', '--view', 'memory')).includes('|∂y/∂h|'));
    const lines = [...descendants(memory)].filter(({ attributes }) => attributes['data-signal'] === 'c');
    assert.equal(lines.length, 1);
    const points = lines[0].attributes.d
      .split(/[ML]/)
      .slice(1)
      .map((point) => point.split(',').map(Number));
    const model = join(EXAMPLES, 'recall-lstm.rnn.json');
    const { stdout } = await gatescope('run', model, '--json');
    const { output } = JSON.parse(stdout) as { output: number[][] };
    const last = output.at(-1)!;
    const unit = String(last.indexOf(Math.max(...last)));
    const { layers } = JSON.parse((await gatescope('gradient', model, '--unit', unit, '--json')).stdout);
    const { dc } = layers[0] as { dc: number[] };
    assert.equal(points.length, dc.length);
    // Logarithms of the numbers stand on one line over their heights.
    const heightOf = (k: number) => (points[k][1] - points[0][1]) / (Math.log(dc[k]) - Math.log(dc[0]));
    const far = dc.findIndex((norm) => Math.abs(Math.log(norm) - Math.log(dc[0])) > 1);
    for (let k = 0; k < dc.length; k++) {
      if (Math.abs(Math.log(dc[k]) - Math.log(dc[0])) < 1) continue;
      assert.ok(Math.abs(heightOf(k) - heightOf(far)) < 0.02 * Math.abs(heightOf(far)), `step ${k}`);
    }
    const series = await svg('co2-rnn', '--view', 'output');
    const texts = textsOf(series);
    for (const text of ['prediction', 'what came', '“as before”']) assert.ok(texts.includes(text), text);
    const next = await svg('char-lstm', '--view', 'output');
    assert.match(next.children[0].text, /Probability of what came next$/);
  });

  it("draws the likeliest class of each step, or one that is chosen, as the panel's Output does", async () => {
    const classes = textsOf(await svg('tagger-bilstm', '--view', 'output'));
    assert.equal(classes[0], 'tagger-bilstm.rnn.json · I can open the can · The likeliest at each step');
    for (const text of ['i', 'open', '“PRON”', '“DET”', '“NOUN”', '5'])
      assert.ok(classes.includes(text), text);
    assert.equal(classes.filter((text) => text === '“VERB”').length, 2);
    const noun = textsOf(await svg('tagger-bilstm', '--view', 'output', '--unit', 'NOUN'));
    assert.equal(noun[0], 'tagger-bilstm.rnn.json · I can open the can · “NOUN”');
    // Where there is no room for each, names that follow one another stand once.
    const narrow = textsOf(await svg('recall-lstm', '--view', 'output'));
    assert.deepEqual(
      narrow.filter((text) => /^[“…]/.test(text)),
      ['“p”', '“a”'],
    );
  });

  it('draws the likeliest of an output that has a single row, the longest first', async () => {
    const mood = join(folder, 'mood.rnn.json');
    const labels = Array.from({ length: 15 }, (_, unit) => `mood ${unit}`);
    const layers = [
      { name: 'gru', type: 'gru', hidden_size: 4, return_sequences: false },
      { name: 'head', type: 'linear', out_features: 15, activation: 'softmax' },
    ];
    const text = {
      ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 }, layers, output: { labels } },
      ...{ weights: { init: 'pytorch', seed: 3 }, samples: [{ name: 'a', values: [[1], [0], [2]] }] },
    };
    writeFileSync(mood, JSON.stringify(text));
    const { output } = JSON.parse((await gatescope('run', mood, '--json')).stdout) as { output: number[][] };
    const order = output[0].map((value, unit) => ({ value, unit })).sort((a, b) => b.value - a.value);
    const out = join(folder, 'mood.svg');
    const drawn = async (...args: string[]) => {
      const { status, stderr } = await gatescope('export', mood, '-o', out, '--view', 'output', ...args);
      assert.equal(status, 0, stderr);
      return textsOf(parseXml(readFileSync(out, 'utf8')));
    };
    const texts = await drawn();
    assert.equal(texts[0], 'mood.rnn.json · a · Output for the whole sequence');
    assert.deepEqual(
      texts.filter((one) => one.startsWith('“')),
      order.slice(0, 12).map(({ unit }) => `“mood ${unit}”`),
    );
    assert.deepEqual(
      texts.filter((one) => /^[\d.]+%$/.test(one)),
      order.slice(0, 12).map(({ value }) => percent(value)),
    );
    assert.ok(texts.some((one) => /^3 others, [\d.]+% together$/.test(one)));
    const one = await drawn('--unit', 'mood 7', '--theme', 'dark');
    assert.deepEqual(
      one.filter((part) => part.startsWith('“')),
      ['“mood 7”'],
    );
    const { status } = await gatescope('export', mood, '-o', out, '--view', 'output', '--steps', '2');
    assert.equal(status, 2);
  });

  it("draws a series in the data's units and dates, with how far off it is", async () => {
    const texts = textsOf(await svg('co2-rnn', '--view', 'output'));
    for (const text of ['316', '322', '1961-08-01']) assert.ok(texts.includes(text), text);
    const { stdout } = await gatescope('run', join(EXAMPLES, 'co2-rnn.rnn.json'), '--json');
    const { output } = JSON.parse(stdout) as { output: number[][] };
    const lines = readFileSync(join(EXAMPLES, 'co2.csv'), 'utf8').trim().split('\n');
    const column = lines[0].split(',').indexOf('CO2');
    const co2 = lines.slice(1 + 20, 1 + 77).map((line) => Number(line.split(',')[column]));
    const average = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const mean = average(co2);
    const deviation = Math.sqrt(average(co2.map((value) => (value - mean) ** 2)));
    const wrong = co2.slice(1).map((value, step) => mean + deviation * output[step][0] - value);
    const error = Math.sqrt(average(wrong.map((one) => one * one)));
    const said = texts.find((text) => text.startsWith('Error (RMSE)'))!;
    assert.ok(said.startsWith(`Error (RMSE) ${error.toPrecision(3)} (CO2); `), said);
    assert.ok(texts.includes('Compared with CO2 a step later, since the output is named “next month”.'));
    // Of a part, that of the part.
    const part = textsOf(await svg('co2-rnn', '--view', 'output', '--from', '10', '--steps', '5'));
    const own = wrong.slice(10, 15);
    const ofPart = Math.sqrt(average(own.map((one) => one * one)));
    const saidOfPart = part.find((text) => text.startsWith('Error (RMSE)'))!;
    assert.ok(saidOfPart.startsWith(`Error (RMSE) ${ofPart.toPrecision(3)} (CO2); `), saidOfPart);
    assert.ok(saidOfPart.endsWith(' Over 5 steps.'), saidOfPart);
    // One step alone is in the same units.
    const one = textsOf(await svg('co2-rnn', '--view', 'output', '--from', '10', '--steps', '1'));
    const number = Number(one.find((text) => /^\d+\.\d+$/.test(text)));
    assert.ok(Math.abs(number - (mean + deviation * output[10][0])) < 0.01, one.join(' · '));
  });

  it('draws a part of the steps in every view, and says from which number they are counted', async () => {
    const part = ['--from', '2', '--steps', '3'];
    const map = textsOf(await svg('char-lstm', '--view', 'heatmap', ...part));
    for (const text of ['l', 'o', '3', '4', 'Steps are counted from 1, units from 0.']) {
      assert.ok(map.includes(text), text);
    }
    assert.ok(!map.includes('h'));
    const next = textsOf(await svg('char-lstm', '--view', 'output', ...part));
    assert.deepEqual(
      next.filter((text) => /^([a-z]|\d)$/.test(text)),
      ['l', 'l', 'o', '3', '4', '5'],
    );
    assert.ok(next.includes('Steps are counted from 1.'));
    const memory = textsOf(await svg('recall-lstm', '--view', 'memory', '--from', '3', '--steps', '10'));
    assert.match(memory[0], /t = 12: how far “a” reaches$/);
    assert.deepEqual(
      memory.filter((text) => /^([3-9]|1[12])$/.test(text)),
      ['3', '4', '5', '6', '7', '8', '9', '11', '12'],
    );
    assert.ok(memory.includes('t counts steps from 0.'));
    const chosen = textsOf(await svg('recall-lstm', '--view', 'memory', '--unit', 'b'));
    assert.match(chosen[0], /how far “b” reaches$/);
    const diagram = await svg('char-lstm', ...part);
    assert.match(diagram.children[0].text, /, steps 3 to 5 of 5 \(t = 2 to 4\)$/);
  });

  it('tells in the help which view heeds which option, and how many steps a picture has', async () => {
    const { stdout } = await gatescope('export', '--help');
    assert.match(stdout, /^ +--view diagram +--from --steps --detail --no-values$/m);
    assert.match(stdout, /^ +--view heatmap +--from --steps --signal$/m);
    assert.match(stdout, /^ +--view memory +--from --steps --unit$/m);
    assert.match(stdout, /^ +--view matrix +--from --steps --signal$/m);
    assert.match(stdout, /^ +--view output +--from --steps --unit$/m);
    assert.match(stdout, /^ +--view why +--at$/m);
    assert.match(stdout, /^ +--view attribution +--step --unit --method --baseline --points --logit$/m);
    assert.match(stdout, /up to 64 steps/);
    assert.match(stdout, /matrix .* the first\s+512 steps/);
  });

  it('draws why a unit has its value, with the terms and the sum of explain', async () => {
    const model = join(EXAMPLES, 'char-lstm.rnn.json');
    const at = 'lstm.f[12]@3';
    const root = await svg('char-lstm', '--view', 'why', '--at', at);
    const { value, sum, terms } = JSON.parse(
      (await gatescope('explain', model, '--at', at, '--json')).stdout,
    );
    const products = new Map<string, number>(
      terms.map(({ from, product }: { from: string; product: number }) => [from, product]),
    );
    const bars = [...descendants(root)].filter(({ attributes }) => attributes['data-term'] !== undefined);
    const valueOf = ({ attributes }: XmlElement) => Number(attributes['data-value']);
    const named = bars.filter(({ attributes }) => products.has(attributes['data-from']));
    assert.ok(named.length > 10);
    for (const bar of named) assert.equal(valueOf(bar), products.get(bar.attributes['data-from']));
    const hidden = named.filter(({ attributes }) => attributes['data-kind'] === 'hidden').map(valueOf);
    const largest = [...products].filter(([from]) => from.startsWith('h[')).map(([, product]) => product);
    largest.sort((a, b) => Math.abs(b) - Math.abs(a));
    assert.deepEqual(hidden, largest.slice(0, hidden.length));
    assert.ok(Math.abs(bars.reduce((all, bar) => all + valueOf(bar), 0) - sum) < 1e-6);
    // Each bar is as long as its number is large.
    const lengths = bars.map((bar) => {
      const rect = bar.children.find(({ tag }) => tag === 'rect')!;
      return Number(rect.attributes.width) / Math.abs(valueOf(bar));
    });
    const long = lengths.filter((_, k) => Math.abs(valueOf(bars[k])) > 0.2);
    for (const one of long) assert.ok(Math.abs(one - long[0]) < 0.01 * long[0]);
    const texts = textsOf(root);
    assert.equal(
      texts[0],
      `char-lstm.rnn.json · hello · Why is f₁₂ = ${value.toFixed(2)} at step 4? · forget gate · lstm`,
    );
    for (const text of ['h × weight', 'opens →', '← closes', 'sum', sum.toFixed(2), 'input “l”']) {
      assert.ok(texts.includes(text), text);
    }
    const equation = [...descendants(root)].find(({ attributes }) => attributes.class === 'equation')!;
    const spelled = equation.children.map(({ text }) => text).join('');
    assert.equal(spelled, `f12 = σ(b + W x + U ht−1) = σ(${sum.toFixed(2)}) = ${value.toFixed(2)}`);
  });

  it('draws what mattered, in the colours of the numbers of attribute', async () => {
    const scale = createScale(namedTheme('light'));
    const cellsOf = (root: XmlElement) => {
      const [image] = [...descendants(root)].filter(({ tag }) => tag === 'image');
      return decodePng(Buffer.from(image.attributes.href.split(',')[1], 'base64'));
    };
    for (const [name, ...options] of [
      ['char-lstm', '--unit', 'l', '--step', '1', '--method', 'gradient'],
      ['stocks-lstm', '--unit', '0', '--baseline', 'mean'],
    ]) {
      const model = join(EXAMPLES, `${name}.rnn.json`);
      const { target, input, completeness } = JSON.parse(
        (await gatescope('attribute', model, ...options, '--json')).stdout,
      ) as {
        target: { step: number };
        input: (number | number[])[];
        completeness: { sum: number };
      };
      // Nothing after the output's step was looked at.
      const brought = input.flat().slice(0, target.step + 1);
      const root = await svg(name, '--view', 'attribution', ...options);
      const cells = cellsOf(root);
      const reach = Math.max(...brought.map(Math.abs));
      brought.forEach((number, step) => {
        const [r, g, b] = cells.at(((step + 0.5) / brought.length) * cells.width, cells.height / 2);
        assert.equal(`rgb(${r},${g},${b})`, scale.swatch('signed', number / reach).fill, `step ${step}`);
      });
      const sum = /Together ([+−][\d.]+) of /.exec(textsOf(root).join('\n'))![1];
      assert.ok(Math.abs(Number(sum.replace('−', '-')) - completeness.sum) <= 0.0051, sum);
    }
    const long = textsOf(await svg('char-lstm', '--view', 'attribution', '--sample', 'Shakespeare'));
    assert.deepEqual(long.slice(long.indexOf('s'), long.indexOf('s') + 7), [...'shall␣i']);
    assert.ok(long.some((text) => /difference (to the baseline )?is missing/.test(text)));
  });

  it('draws every output against every state, with the numbers of gradient', async () => {
    const model = join(EXAMPLES, 'char-lstm.rnn.json');
    const { output } = JSON.parse((await gatescope('run', model, '--json')).stdout) as { output: number[][] };
    const rows: number[][] = [];
    for (const [step, row] of output.entries()) {
      const unit = String(row.indexOf(Math.max(...row)));
      const args = ['--step', String(step), '--unit', unit, '--json'];
      rows.push(JSON.parse((await gatescope('gradient', model, ...args)).stdout).layers[0].dc);
    }
    const root = await svg('char-lstm', '--view', 'matrix');
    const [image] = [...descendants(root)].filter(({ tag }) => tag === 'image');
    const cells = decodePng(Buffer.from(image.attributes.href.split(',')[1], 'base64'));
    const scale = createScale(namedTheme('light'));
    const shades = Array.from({ length: 65 }, (_, k) => scale.swatch('gate', k / 64).fill);
    const shown = rows.flatMap((dc, target) =>
      dc.map((norm, step) => {
        // The initial state stands before the first step.
        const [x, y] = [(step + 1.5) / 6, (target + 0.5) / 5];
        const [r, g, b] = cells.at(x * cells.width, y * cells.height);
        return { norm, shade: shades.indexOf(`rgb(${r},${g},${b})`) };
      }),
    );
    assert.equal(shown.length, 25);
    for (const { norm, shade } of shown) {
      if (norm === 0) assert.equal(shade, 0);
      else assert.ok(shade >= 7, String(norm));
    }
    shown.sort((a, b) => a.norm - b.norm);
    shown.slice(1).forEach(({ shade }, k) => assert.ok(shade >= shown[k].shade));
    assert.ok(textsOf(root).includes('output at t'));
    assert.ok(textsOf(root).includes('How the output at each step depends on the state before it'));
    assert.ok(!textsOf(root).some((text) => text.startsWith('Here t =')));
    const backward = await svg('tagger-bilstm', '--view', 'matrix', '--signal', 'lstm.backward.c');
    const texts = textsOf(backward);
    assert.match(texts[0], / · lstm backward c$/);
    assert.ok(texts.includes('How the output at each step depends on the state at each step'));
    // The initial state stands where the direction begins.
    const place = (picture: XmlElement, text: string) =>
      Number([...descendants(picture)].find((one) => one.tag === 'text' && one.text === text)!.attributes.x);
    assert.ok(place(root, 'start') < place(root, '1') && place(backward, 'start') > place(backward, '4'));
    const part = textsOf(await svg('recall-lstm', '--view', 'matrix', '--from', '3', '--steps', '10'));
    assert.ok(part.includes('Here t = 3 to 12: the sequence has 62 steps.'), part.join('\n'));
  });

  it('as pixels has the size and the colours of the SVG', async () => {
    const args = ['--theme', 'hc-dark', '--steps', '2'];
    const root = await svg('char-lstm', ...args);
    const pixels = await png('char-lstm', ...args, '--scale', '2');
    const [, , width, height] = root.attributes.viewBox.split(' ').map(Number);
    assert.deepEqual([pixels.width, pixels.height], [Math.ceil(2 * width), Math.ceil(2 * height)]);
    assert.deepEqual(pixels.at(1, 1), [0, 0, 0, 255]);
    let compared = 0;
    for (const { attributes, children } of signals(root)) {
      const [x, y] = /translate\((.*),(.*)\)/.exec(attributes.transform)!.slice(1).map(Number);
      const [{ attributes: rect }] = children;
      const colour = /fill:rgb\((\d+),(\d+),(\d+)\)/.exec(rect.style)!.slice(1).map(Number);
      // Between the edge and the texts.
      const inside = pixels.at(2 * (x + Number(rect.x) + 5), 2 * y);
      assert.deepEqual(inside.slice(0, 3), colour, `${attributes['aria-label']}`);
      compared++;
    }
    assert.ok(compared >= 2 * 9);
  });

  it('says which characters no font has, and still draws the rest', async () => {
    const name = '\u{10fff0}';
    for (const [from, to] of [
      ['char-lstm.rnn.json', `${name}.rnn.json`],
      ['char-lstm.safetensors', 'char-lstm.safetensors'],
    ])
      copyFileSync(join(EXAMPLES, from), join(folder, to));
    const file = join(folder, 'nameless.png');
    const args = [join(folder, `${name}.rnn.json`), '--view', 'heatmap'];
    const { status, stderr } = await gatescope('export', ...args, '-o', file);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      new RegExp(`^no font of this computer has ${name}: � stands .*; SVG leaves it to`, 'u'),
    );
    assert.ok(decodePng(readFileSync(file)).width > 100);
    const written = await gatescope('export', ...args, '-o', join(folder, 'named.svg'));
    assert.doesNotMatch(written.stderr, /no font/);
    assert.ok(readFileSync(join(folder, 'named.svg'), 'utf8').includes(name));
  });

  it('draws with the fonts of the computer what its own have not', async () => {
    const home = process.env.HOME;
    const model = join(EXAMPLES, 'korean-gru.rnn.json');
    const file = join(folder, 'korean.png');
    const args = ['export', model, '-o', file, '--theme', 'print', '--from', '7', '--steps', '1'];
    const without = await gatescope(...args);
    process.env.HOME = folder;
    try {
      mkdirSync(join(folder, '.fonts'));
      copyFileSync(join(FIXTURES, 'fonts/hangul.ttf'), join(folder, '.fonts/hangul.ttf'));
      const { status, stderr } = await gatescope(...args);
      assert.equal(status, 0, stderr);
      assert.doesNotMatch(stderr, /한/);
    } finally {
      process.env.HOME = home;
    }
    // The computer has another font for it.
    if (!without.stderr.includes('한')) return;
    const root = await svg('korean-gru', ...args.slice(4));
    const [input] = signals(root).filter(({ attributes }) => attributes['data-layer'] === 'input');
    const token = [...descendants(input)].find(({ tag, text }) => tag === 'text' && text !== '')!;
    assert.equal(token.text, '한');
    const [x, y] = /translate\((.*),(.*)\)/.exec(input.attributes.transform)!.slice(1).map(Number);
    assert.deepEqual(decodePng(readFileSync(file)).at(x, y), [0, 0, 0, 255], 'a filled square');
  });

  it('says what is wrong with its words', async () => {
    const model = join(EXAMPLES, 'char-lstm.rnn.json');
    const wrong: [string[], number, RegExp][] = [
      [['-o', 'a.svg', '--theme', 'pink'], 2, /^--theme takes dark or light or .*print, found pink$/m],
      [['-o', 'a.svg', '--view', 'heatmap', '--signal', 'lstm'], 2, /one signal of one layer: choose it/],
      [['-o', 'a.svg', '--view', 'heatmap', '--signal', 'lstm.2.f'], 2, /the run has no signal lstm\.2\.f/],
      ...['heatmap', 'memory', 'matrix', 'output', 'why', 'attribution'].map(
        (view): [string[], number, RegExp] => [
          ['-o', 'a.svg', '--view', view, '--no-values'],
          2,
          new RegExp(`^--view ${view} does not take --no-values: it is for --view diagram$`, 'm'),
        ],
      ),
      [
        ['-o', 'a.svg', '--signal', 'lstm.f'],
        2,
        /^--view diagram does not take --signal: it is for --view heatmap, matrix$/m,
      ],
      [['-o', 'a.svg', '--view', 'memory', '--detail', 'cells'], 2, /not take --detail: .*--view diagram$/m],
      [
        ['-o', 'a.svg', '--view', 'heatmap', '--unit', '1'],
        2,
        /not take --unit: .*--view memory, output, attribution$/m,
      ],
      [['-o', 'a.svg', '--view', 'output', '--unit', '99'], 2, /a unit of the output from 0 to 35, found 99/],
      [['-o', 'a.svg', '--view', 'why', '--step', '1'], 2, /not take --step: .*--view attribution$/m],
      [['-o', 'a.svg', '--view', 'why', '--at', 'lstm.f[99]@2'], 2, /unit: expected 0 to 63, found 99/],
      [['-o', 'a.svg', '--view', 'why', '--at', 'lstm.f@9'], 2, /step: expected 0 to 4, found 9/],
      [['-o', 'a.svg', '--view', 'attribution', '--step', '9'], 2, /expected .* 0 to 4, found 9/],
      [['-o', 'a.svg', '--view', 'attribution', '--method', 'x'], 2, /^--method takes .*, found x$/m],
      [
        ['-o', 'a.svg', '--view', 'matrix', '--signal', 'lstm.h'],
        2,
        /of one state: choose it, of lstm\.c\. h of an LSTM has none: /m,
      ],
      [['-o', 'a.svg', '--view', 'matrix', '--from', '9'], 2, /from 0 to 4.*found 9/],
      [['-o', 'a.csv', '--unit', '1'], 2, /^the format csv does not take --unit: it is for svg, png$/m],
      [['-o', 'a.svg', '--json'], 2, /^export takes no --json: say --format json, or name the file \.json$/m],
      [['-o', 'a.md', '--text', 'a'], 2, /^the format md runs nothing, so there is no place for --text$/m],
      [['-o', 'a.svg', '--no-values', '--set', 'lstm.f=1'], 2, /^--no-values runs nothing, .* --set$/m],
      [['-o', 'a.html', '--theme', 'print'], 2, /has no theme "print"/],
      [['-o', 'a.svg', '--scale', '9'], 2, /^--scale takes a number from 1 to 4, found 9$/m],
      [['-o', 'a.csv', '--no-values'], 2, /^the format csv does not take --no-values: it is for svg, png$/m],
      [['-o', 'a.svg', '--no-values', '--steps', '90'], 2, /1 to 64 steps side by side, got 90/],
    ];
    for (const [args, code, message] of wrong) {
      const { status, stderr } = await gatescope('export', model, ...args);
      assert.equal(status, code, stderr);
      assert.match(stderr, message);
    }
  });

  for (const model of ['tagger-bilstm', 'recall-gru', 'co2-rnn', 'stocks-lstm', 'korean-gru']) {
    it(`draws ${model}`, async () => {
      for (const detail of ['gates', 'cells']) {
        const root = await svg(model, '--detail', detail, '--theme', 'dark');
        assert.ok(signals(root).some(({ attributes }) => attributes['data-mean'] !== undefined));
      }
    });
  }
});

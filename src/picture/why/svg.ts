/** The sum of one unit as a standalone SVG: its equation, and its terms as bars, each beginning where the one above it ends. */
import type { Network } from '../../model/network';
import type { Why } from '../../protocol';
import { signalName, sumEquation, type Equation } from '../../unroll/equations';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { formatSigned, formatValue } from '../format';
import { layerInWords } from '../names';
import { paper, titledSheet, TITLE_HEIGHT, type Drawn, type Sheet } from '../svgText';
import { fitText } from '../text';
import { barsOf, factorsInWords, headsOf, placesOf, titleOf, type Bar } from './bars';
import { words as common } from '../words';
import { words } from './words';

/** What is drawn of an answer. */
export type Sum = Pick<Why, 'at' | 'terms' | 'rest' | 'activation' | 'sum' | 'value'>;

const WIDTH = 720;
const [EQUATION, HEADS, ROW, TOTAL, BELOW] = [28, 17, 19, 26, 8];
const COLUMNS = { left: 14, name: 130, factors: 112, number: 56, gap: 14 };
const BAR = { height: 13, radius: 2, least: 2 };
/** Of a letter at 12 pixels. */
const LETTER = 6.6;

/**
 * @param head what the title begins with.
 * @param room the bars that there may be: the largest terms have one each, the others one together.
 */
export function whySheet(head: string, network: Network, why: Sum, room: number, theme: Theme): Sheet {
  const bars = barsOf(network, why, room);
  const height = TITLE_HEIGHT + EQUATION + HEADS + ROW * bars.length + TOTAL + BELOW;
  const place = [signalName(network, why.at), ...layerInWords(network, why.at)].join(' · ');
  const title = [head, titleOf(network, why), place].join(' · ');
  const sheet = titledSheet(
    { width: WIDTH, height },
    { title, notes: [common.unitsFromZero], style: styleOf(theme) },
    theme,
  );
  const kinds = new Set(why.terms.map(({ kind }) => kind));
  const equation = sumEquation(network, why.at, kinds, why.activation, formatValue(why.sum));
  writeEquation(sheet.svg, [...equation, { text: ` = ${formatValue(why.value)}`, style: 'plain' }]);
  const root = paper.append(sheet.svg, 'g', { transform: `translate(0,${TITLE_HEIGHT + EQUATION})` });
  drawBars(root, network, why, bars);
  return sheet;
}

function writeEquation(svg: Drawn, equation: Equation): void {
  const element = paper.append(svg, 'text', {
    class: 'equation',
    x: COLUMNS.left,
    y: TITLE_HEIGHT + EQUATION - 11,
  });
  let low = false;
  for (const { text, style } of equation) {
    const isLow = style === 'subscript';
    const dy = isLow === low ? 0 : isLow ? 3 : -3;
    const span = paper.append(element, 'tspan', { class: style, dy });
    paper.text(span, text);
    low = isLow;
  }
}

function drawBars(root: Drawn, network: Network, why: Sum, bars: readonly Bar[]): void {
  const { left, name, factors, number, gap } = COLUMNS;
  const right = WIDTH - left;
  const track = { from: left + name + gap + factors + gap, to: right - number - gap };
  const place = placesOf(bars);
  const at = (sum: number) => track.from + place(sum) * (track.to - track.from);
  const write = (style: string, x: number, y: number, text: string) =>
    paper.text(paper.append(root, 'text', { class: style, x: round(x), y: round(y) }), text);
  const heads = headsOf(network, why, bars, place(0));
  write('head end', track.from - gap, 11, heads.factors);
  write('head end', at(0) - 8, 11, heads.below);
  write('head', at(0) + 8, 11, heads.above);
  bars.forEach((bar, k) => {
    const top = HEADS + k * ROW;
    const line = top + ROW / 2 + 4;
    const row = paper.append(root, 'g', {
      ...{ 'data-term': '', 'data-kind': bar.kind, 'data-from': bar.from, 'data-value': bar.product },
    });
    const writeIn = (style: string, x: number, text: string) =>
      paper.text(paper.append(row, 'text', { class: style, x: round(x), y: line }), text);
    writeIn('name', left, fitText(bar.name, Math.floor(name / LETTER)));
    writeIn('factors end', track.from - gap, factorsInWords(bar));
    addBar(row, bar.start, bar.end, top + (ROW - BAR.height) / 2, bar.end < bar.start ? 'below' : 'above');
    writeIn('number end', right, formatSigned(bar.product));
    paper.append(row, 'path', { class: 'connector', d: `M${round(at(bar.end))},${top + 16}v6` });
  });
  const bottom = HEADS + bars.length * ROW;
  paper.append(root, 'path', { class: 'rule', d: `M${left},${bottom + 0.5}H${right}` });
  write('sum', left, bottom + TOTAL / 2 + 4, words.sum);
  addBar(root, 0, why.sum, bottom + (TOTAL - BAR.height) / 2, 'total');
  write('sum end', right, bottom + TOTAL / 2 + 4, formatValue(why.sum));
  paper.append(root, 'path', { class: 'zero', d: `M${round(at(0))},0V${bottom + TOTAL}` });

  function addBar(parent: Drawn, start: number, end: number, y: number, style: string): void {
    const [from, to] = [at(Math.min(start, end)), at(Math.max(start, end))];
    const x = Math.min(from, track.to - BAR.least);
    const width = Math.max(BAR.least, to - from);
    paper.append(parent, 'rect', {
      ...{ class: style, x: round(x), y, width: round(width), height: BAR.height, rx: BAR.radius },
    });
  }
}

function styleOf(theme: Theme): string {
  const scale = createScale(theme);
  const [foreground, dim] = [css(theme.foreground), css(theme.dim)];
  return `
    text { font-size: 12px; fill: ${foreground}; }
    text.head, text.factors { font-size: 11px; fill: ${dim}; }
    text.end { text-anchor: end; }
    text.number, text.factors { font-variant-numeric: tabular-nums; }
    text.sum { font-weight: bold; }
    text.equation { font-size: 14px; }
    tspan.symbol { font-style: italic; }
    tspan.subscript { font-size: 11px; }
    rect.above { fill: ${scale.swatch('signed', 1).fill}; }
    rect.below { fill: ${scale.swatch('signed', -1).fill}; }
    rect.total { fill: ${foreground}; }
    path { fill: none; }
    path.connector { stroke: ${dim}; }
    path.rule { stroke: ${css(theme.line)}; }
    path.zero { stroke: ${css(theme.foreground, 0.45)}; stroke-dasharray: 4 3; }
  `;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

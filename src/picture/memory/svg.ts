/** The memory chart as a standalone SVG, its lines named below it. */
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { drawLegend } from '../legend';
import type { Matrix } from './cells';
import type { Size } from '../heatmap/layout';
import { SvgBrush, svgPress } from '../svgBrush';
import { paper, titledSheet, TITLE_HEIGHT, type Sheet } from '../svgText';
import { words } from '../words';
import { matrixInWords, partInWords } from './say';
import { drawMatrix, matrixLegend } from './matrix';
import { drawChart, type Chart, type DrawnLine } from './chart';

const KEY_HEIGHT = 18;
const FOOT = { height: 28, left: 46 };

export function memorySheet(
  title: string,
  chart: Omit<Chart, 'lines'> & { readonly lines: readonly (DrawnLine & { readonly name: string })[] },
  { width, height }: Size,
  theme: Theme,
): Sheet | null {
  const whole = TITLE_HEIGHT + height + chart.lines.length * KEY_HEIGHT + 8;
  const around = { title, notes: [words.timeFromZero], style: memoryStyle(theme) };
  const sheet = titledSheet({ width, height: whole }, around, theme);
  const root = paper.append(sheet.svg, 'g', { transform: `translate(0,${TITLE_HEIGHT})` });
  if (!drawChart(paper, root, chart, { width, height })) return null;
  chart.lines.forEach(({ name, style }, k) => {
    const y = height + (k + 0.5) * KEY_HEIGHT;
    paper.append(root, 'path', { class: `lens-line ${style}`, d: `M46,${y}h22` });
    paper.text(paper.append(root, 'text', { class: 'lens-name', x: 76, y: y + 4 }), name);
  });
  return sheet;
}

/** Every output against every state. @param all the steps of the sequence. */
export function matrixSheet(
  title: string,
  { matrix, all }: { readonly matrix: Matrix; readonly all: number },
  size: Size,
  theme: Theme,
): Sheet {
  const bottom = TITLE_HEIGHT + size.height;
  const legend = matrixLegend(matrix);
  const sheet = titledSheet(
    { width: size.width, height: bottom + (legend ? FOOT.height : 0) },
    { title, notes: [matrixInWords(matrix), ...partInWords(matrix, all), words.timeFromZero] },
    theme,
  );
  const paint = { theme, scale: createScale(theme) };
  drawMatrix(new SvgBrush(sheet, TITLE_HEIGHT), svgPress, matrix, size, paint);
  if (legend) drawLegend(new SvgBrush(sheet, bottom), FOOT.left, FOOT.height / 2, legend, paint);
  return sheet;
}

/** As memory.css has it. */
function memoryStyle(theme: Theme): string {
  const colour = (name: string, at: string) =>
    `.lens-line${name} { stroke: ${at}; } .lens-dot${name} { fill: ${at}; }`;
  const dash = (names: string, at: string) => `${names} { stroke-dasharray: ${at}; }`;
  return `
    .lens-step, .lens-power { fill: ${css(theme.dim)}; font-size: 11px; text-anchor: middle; }
    .lens-power { text-anchor: end; }
    .lens-axis { fill: ${css(theme.dim)}; font-size: 11px; }
    .lens-name { fill: ${css(theme.foreground)}; font-size: 11px; }
    .lens-grid { stroke: ${css(theme.grid)}; }
    .lens-target { stroke: ${css(theme.accent)}; }
    .lens-line { fill: none; stroke-width: 1.8px; stroke-linecap: round; stroke-linejoin: round; }
    ${theme.series.map((rgb, k) => colour(`.series-${k}`, css(rgb))).join(' ')}
    ${colour('.of-compared', createScale(theme).swatch('signed', 1).fill)}
    ${colour('.of-base', css(theme.foreground))}
    ${dash('.lens-line.series-1, .lens-line.series-4', '7 3')}
    ${dash('.lens-line.series-2, .lens-line.series-5', '2 3')}
    ${dash('.lens-line.beside', '8 4')}
    ${dash('.lens-line.dash-1', '3 4')}
    ${dash('.lens-line.dash-2', '10 3 2 3')}
  `;
}

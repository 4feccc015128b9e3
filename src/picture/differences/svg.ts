/** The signals that differ as a standalone SVG: a table with a bar for each. */
import { css, type Theme } from '../colour/color';
import { paper, titledSheet, TITLE_HEIGHT, type Around, type Sheet } from '../svgText';
import { fitText } from '../text';
import { HEADS, type Row } from './rows';
import { words } from './words';

const WIDTH = 640;
const [LEFT, ROW, BELOW] = [14, 20, 8];
/** Where names begin, bars begin and end, and figures end. */
const COLUMNS = { bar: [200, 340], max: 440, rms: 540, from: WIDTH - LEFT } as const;
const BAR = 8;
/** Of a letter at 12 pixels. */
const LETTER = 6.6;

export function differencesSheet(around: Around, rows: readonly Row[], theme: Theme): Sheet {
  const height = TITLE_HEIGHT + ROW * (rows.length + 1) + BELOW;
  const sheet = titledSheet({ width: WIDTH, height }, { ...around, style: styleOf(theme) }, theme);
  const [barFrom, barTo] = COLUMNS.bar;
  const write = (style: string, x: number, row: number, text: string) => {
    const y = TITLE_HEIGHT + (row + 0.5) * ROW + 4;
    paper.text(paper.append(sheet.svg, 'text', { class: style, x, y }), text);
  };
  const [signal, , largest, rms, from] = HEADS;
  write('head', LEFT, 0, signal);
  write('head end', COLUMNS.max, 0, largest);
  write('head end', COLUMNS.rms, 0, rms);
  write('head end', COLUMNS.from, 0, from);
  rows.forEach(({ name, share, figures, from: step }, k) => {
    const row = k + 1;
    write(figures ? '' : 'head', LEFT, row, fitText(name, Math.floor((barFrom - LEFT - 8) / LETTER)));
    write('end', COLUMNS.from, row, step);
    if (!figures) return write('head end', COLUMNS.max, row, words.same);
    write('end', COLUMNS.max, row, figures.max);
    write('end', COLUMNS.rms, row, figures.rms);
    const y = TITLE_HEIGHT + (row + 0.5) * ROW - BAR / 2;
    const width = Math.round(100 * Math.max(1, share * (barTo - barFrom))) / 100;
    paper.append(sheet.svg, 'rect', { class: 'bar', x: barFrom, y, width, height: BAR, rx: 2 });
  });
  return sheet;
}

function styleOf(theme: Theme): string {
  return `
    text { font-size: 12px; fill: ${css(theme.foreground)}; font-variant-numeric: tabular-nums; }
    text.head { fill: ${css(theme.dim)}; }
    text.end { text-anchor: end; }
    rect.bar { fill: ${css(theme.runs[0])}; }
  `;
}

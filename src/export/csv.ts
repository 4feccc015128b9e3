import { decimal } from '../engine/json';
import type { RunFormat } from './format';
import { RowReader } from './rows';
import { chosenSignals } from './signals';
import { words } from './words';

/** A tidy table: a line for every number. */
export const csv: RunFormat = {
  name: 'csv',
  label: 'CSV',
  about: words.csv,
  endings: ['csv'],
  of: 'run',
  options: ['from', 'steps', 'signal'],
  async *write({ kept }, options, how) {
    const signals = await chosenSignals(kept, options);
    const reader = new RowReader(kept, signals, how);
    yield 'layer,level,direction,signal,step,unit,value\n';
    for (const one of signals) {
      const head = [cell(one.layer), one.level, one.direction, one.signal].join(',');
      let row = one.from;
      for await (const values of reader.rows(one)) {
        let text = '';
        for (let at = 0; at < values.length; at += one.units, row++) {
          const step = `${head},${one.stepOf(row)},`;
          for (let unit = 0; unit < one.units; unit++)
            text += `${step}${unit},${number(values[at + unit])}\n`;
        }
        yield text;
      }
    }
  },
};

/** As numpy and pandas read it. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return decimal(value);
}

/** Quoted where it must be (RFC 4180). */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { headJson, rowJson, sequenceJson } from '../engine/json';
import { INPUT } from '../model/network';
import { OUTPUT } from './exported';
import type { RunFormat } from './format';
import { RowReader } from './rows';
import { type ChosenSignal, chosenSignals } from './signals';
import { words } from './words';

/** The format `gatescope-trace`, as `run --json` prints it; of chosen signals the input is one, by its name. */
export const json: RunFormat = {
  name: 'json',
  label: 'JSON',
  about: words.json,
  endings: ['json'],
  of: 'run',
  options: ['from', 'steps', 'signal'],
  async *write({ kept, origin, ran, beside = {} }, options, how) {
    const { range, signals: wanted } = options;
    const all = await chosenSignals(kept, options);
    const signals = wanted ? all : all.filter(({ layer }) => layer !== INPUT);
    const reader = new RowReader(kept, signals, how);
    const from = range?.from ?? 0;
    const steps = range?.steps ?? ran.sequence.steps - from;
    yield `${headJson(origin, steps).slice(0, -1)},"layers":[`;
    let separator = '';
    for (const [head, ofLayer] of byLayer(signals)) {
      yield `${separator}${head.slice(0, -1)},"signals":{`;
      for (const [k, one] of ofLayer.entries()) {
        yield `${k > 0 ? ',' : ''}${JSON.stringify(one.signal)}:`;
        yield* matrix(reader, one);
      }
      yield '}}';
      separator = ',';
    }
    yield ']';
    const output = signals.find(({ type }) => type === OUTPUT);
    if (output) {
      yield ',"output":';
      yield* matrix(reader, output);
    }
    const { sequence } = ran;
    if (!wanted || sequence.kind === 'token') yield* sequenceJson(sequence, [from, from + steps]);
    const more = { ...(range && { from, first: 0 }), ...beside };
    for (const [key, value] of Object.entries(more)) yield `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
    yield '}\n';
  },
};

/** What is said of each layer, level and direction, and its signals, in order. */
function byLayer(signals: readonly ChosenSignal[]): Map<string, ChosenSignal[]> {
  const found = new Map<string, ChosenSignal[]>();
  for (const one of signals) {
    if (one.type === OUTPUT) continue;
    const { layer, type, level, direction } = one;
    const head = JSON.stringify({ layer, type, level, direction });
    found.set(head, [...(found.get(head) ?? []), one]);
  }
  return found;
}

async function* matrix(reader: RowReader, one: ChosenSignal): AsyncGenerator<string> {
  let before = '[';
  for await (const values of reader.rows(one)) {
    let text = '';
    for (let at = 0; at < values.length; at += one.units) {
      text += `${before}${rowJson(values.subarray(at, at + one.units))}`;
      before = ',';
    }
    yield text;
  }
  yield before === '[' ? '[]' : ']';
}

/** Looks at what the page sends before anything is done with it: what runs there is not trusted to keep to the protocol. */
import { METHODS } from '../engine/attribution/methods';
import { BASELINES } from '../engine/attribution/baseline';
import { ORDERS } from '../engine/order/order';
import type { FromWebview, RequestMessage, Requests } from '../protocol';
import { PICTURES_GO, isPictureOffer } from '../picture/wanted';
import { isCount, record } from '../untrusted';

const MOST_CHANGES = 1000;
const MOST_OFFERS = 20;

type Check = (value: Readonly<Record<string, unknown>>) => boolean;

const address: Check = ({ layer, level, direction, signal }) =>
  text(layer) && isCount(level) && (direction === 'forward' || direction === 'backward') && text(signal);

const isAgainst: Check = ({ kind, feature, ahead }) =>
  kind === 'nothing' ||
  kind === 'expected' ||
  (kind === 'input' && isCount(feature) && (ahead === 0 || ahead === 1));

const isRowsQuestion: Check = ({ signal, from, to, columns, unit = 0 }) =>
  address(record(signal)) && [from, to, columns, unit].every(isCount);

/** Of the questions, apart from the run that they all name. */
const ASKS: { readonly [K in keyof Requests]: Check } = {
  values: (ask) => address(record(ask.address)) && isCount(record(ask.address).step),
  window: ({ from, to }) => isCount(from) && isCount(to),
  unit: ({ unit, stretch = { from: 0, to: 0 } }) => {
    const { from, to } = record(stretch);
    return [unit, from, to].every(isCount);
  },
  rows: isRowsQuestion,
  shades: isRowsQuestion,
  order: ({ signal, by }) => address(record(signal)) && ORDERS.some((one) => one === by),
  differences: ({ against }) => isCount(against),
  why: ({ signal, unit, step }) =>
    address(record(signal)) && (unit === null || isCount(unit)) && isCount(step),
  output: ({ step }) => isCount(step),
  next: () => true,
  sizes: () => true,
  forecast: ({ unit, against }) => isCount(unit) && (against === null || isAgainst(record(against))),
  memory: ({ step, part, unit }) => [step, part, unit ?? 0].every(isCount),
  matrix: ({ from, row, part }) => [from, row, part].every(isCount),
  attribution: ({ step, part, unit, method, baseline, logit }) =>
    [step, part, unit ?? 0].every(isCount) &&
    METHODS.some((one) => one === method) &&
    BASELINES.some((one) => one === baseline) &&
    typeof logit === 'boolean',
  matches: ({ signal, threshold, ...counts }) => {
    const { from, to, offBefore, offAfter, sources, part } = counts;
    return (
      address(record(signal)) &&
      Number.isFinite(threshold) &&
      [from, to, offBefore, offAfter, sources, part].every(isCount)
    );
  },
};

const MESSAGES: { readonly [T in FromWebview['type']]: Check } = {
  ready: ({ sample, origin }) => textOrNull(sample) && textOrNull(origin),
  run: ({ sample }) => textOrNull(sample),
  pick: () => true,
  cancel: () => true,
  pickSource: ({ what }) => isSource(what),
  dropSource: ({ what }) => isSource(what),
  runSource: ({ what }) => what === 'file' || what === 'origin',
  whatIf: ({ of, sets }) =>
    isCount(of) && Array.isArray(sets) && sets.length <= MOST_CHANGES && sets.every(text),
  askWhatIf: () => true,
  endCompare: () => true,
  openExample: ({ file }) => text(file) && /^[a-z0-9-]+\.rnn\.json$/.test(file),
  compareCells: () => true,
  compareWith: () => true,
  reveal: ({ problem }) => {
    const { offset, length } = record(record(problem).place);
    return isCount(offset) && isCount(length);
  },
  revealLayer: ({ layer, focus }) => text(layer) && typeof focus === 'boolean',
  openSource: () => true,
  chooseReading: () => true,
  attachWeights: () => true,
  copy: ({ text: copied }) => text(copied),
  savePicture: ({ offers, to }) =>
    PICTURES_GO.some((one) => one === to) &&
    Array.isArray(offers) &&
    offers.length <= MOST_OFFERS &&
    offers.every(isPictureOffer),
  picture: ({ id, result }) => {
    const { ok, err } = record(result);
    return isCount(id) && (ok instanceof Uint8Array || text(err));
  },
  view: ({ start, steps, detail, signal, range }) =>
    [start, steps].every(isCount) &&
    (detail === 'gates' || detail === 'cells') &&
    (signal === null || address(record(signal))) &&
    (range === null || [record(range).from, record(range).to].every(isCount)),
  export: () => true,
  painted: ({ milliseconds }) => typeof milliseconds === 'number',
  request: ({ id, kind, ask }) =>
    isCount(id) && text(kind) && known(ASKS, kind) && isCount(record(ask).trace) && ASKS[kind](record(ask)),
};

/** Whether it is a message of the protocol, every field of the kind that it should be. */
export function isFromWebview(message: unknown): message is FromWebview {
  const { type } = record(message);
  return text(type) && known(MESSAGES, type) && MESSAGES[type](record(message));
}

/** The number under which a reply is waited for, also of a question that cannot be understood. */
export function requestId(message: unknown): RequestMessage['id'] | undefined {
  const { type, id } = record(message);
  return type === 'request' && isCount(id) ? id : undefined;
}

function known<T extends object>(checks: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(checks, name);
}

function isSource(what: unknown): boolean {
  return what === 'file' || what === 'labels';
}

function text(value: unknown): value is string {
  return typeof value === 'string';
}

function textOrNull(value: unknown): boolean {
  return value === null || text(value);
}

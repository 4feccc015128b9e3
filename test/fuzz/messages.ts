/** Spoilt messages of the page, put to a session with a model that has run. */
import assert from 'node:assert/strict';
import { strFromU8, strToU8 } from 'fflate';
import { Session } from '../../src/host/session';
import { ChosenFiles } from '../../src/host/chosenFiles';
import { RunTimes } from '../../src/host/runTimes';
import { START_OF_FILE, type Problem } from '../../src/model/problem';
import { readModel } from '../../src/model/read';
import type { FromWebview, Requests, ToWebview } from '../../src/protocol';
import { Files } from './files';
import type { Seed } from './seeds';
import { MEMORY, type Outcome, type Spoilt } from './trial';

const TRACE = 2;
const signal = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;
const at = { ...signal, step: 1 };

const ASKS: { readonly [K in keyof Requests]: Omit<Requests[K]['ask'], 'trace'> } = {
  values: { address: at },
  window: { from: 0, to: 2 },
  unit: { unit: 1 },
  rows: { signal, from: 0, to: 3, columns: 3, unit: 0 },
  shades: { signal, from: 0, to: 3, columns: 3 },
  order: { signal, by: 'similarity' },
  differences: { against: TRACE },
  why: { signal, unit: 1, step: 2 },
  output: { step: 1 },
  next: {},
  sizes: {},
  forecast: { unit: 0, against: { kind: 'input', feature: 0, ahead: 1 } },
  memory: { step: 3, part: 0, unit: 0 },
  matrix: { from: 0, row: 0, part: 0 },
  attribution: { step: 2, part: 0, unit: 0, method: 'integrated', baseline: 'mean', logit: false },
  matches: { signal, threshold: 0.3, from: 0, to: 1, offBefore: 0, offAfter: 0, sources: 0, part: 0 },
};

const problem: Problem = {
  ...{ severity: 'error', code: 'x', message: 'x', about: 'structure', place: START_OF_FILE },
};

/** A message of each type but questions. */
const SAID: { readonly [T in Exclude<FromWebview['type'], 'request'>]: Extract<FromWebview, { type: T }> } = {
  ready: { type: 'ready', sample: 'up', origin: null },
  run: { type: 'run', sample: 'up' },
  pick: { type: 'pick' },
  cancel: { type: 'cancel' },
  pickSource: { type: 'pickSource', what: 'file' },
  dropSource: { type: 'dropSource', what: 'labels' },
  runSource: { type: 'runSource', what: 'file' },
  whatIf: { type: 'whatIf', of: TRACE, sets: ['lstm.f = 1', 'lstm.c[1]@2 = 0.5'] },
  endCompare: { type: 'endCompare' },
  openExample: { type: 'openExample', file: 'char-lstm.rnn.json' },
  compareCells: { type: 'compareCells' },
  compareWith: { type: 'compareWith' },
  askWhatIf: { type: 'askWhatIf' },
  reveal: { type: 'reveal', problem },
  revealLayer: { type: 'revealLayer', layer: 'lstm', focus: true },
  openSource: { type: 'openSource' },
  chooseReading: { type: 'chooseReading' },
  attachWeights: { type: 'attachWeights' },
  copy: { type: 'copy', text: 'x' },
  export: { type: 'export' },
  savePicture: {
    type: 'savePicture',
    offers: [{ view: 'diagram', label: 'x', bare: true, chosen: null }],
    to: 'file',
  },
  picture: { type: 'picture', id: 1, result: { err: 'x' } },
  view: { type: 'view', start: 0, steps: 8, detail: 'gates', signal, range: { from: 0, to: 2 } },
  painted: { type: 'painted', milliseconds: 3 },
};

const MESSAGES: readonly object[] = [
  ...Object.values(SAID),
  ...Object.entries(ASKS).map(([kind, ask]) => ({
    ...{ type: 'request', id: 7, kind },
    ask: { trace: TRACE, ...ask },
  })),
];

export const MESSAGE_SEEDS: readonly Seed[] = MESSAGES.map((message) => ({
  group: 'messages',
  fileName: 'message.json',
  load: () => new Map([['message.json', strToU8(JSON.stringify(message))]]),
}));

const MODEL = JSON.stringify({
  ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 } },
  layers: [
    { name: 'lstm', type: 'lstm', hidden_size: 3 },
    { name: 'fc', type: 'linear', out_features: 2 },
  ],
  samples: [{ name: 'up', values: [[0], [1], [2], [3]] }],
});

/** How long a session may take for an answer: it does everything of this small model in a few milliseconds. */
const ANSWER_MILLISECONDS = 10_000;
const LAST_ID = 4_000_000_000;

/** Throws if a session does not answer what it is asked after the message, or says something that is no message. */
export async function attemptMessage({ fileName, files }: Spoilt): Promise<Outcome> {
  const text = strFromU8(files.get(fileName)!);
  const posted: ToWebview[] = [];
  let wake = () => {};
  const session = new Session({
    fileName: 'model.rnn.json',
    post: (message) => {
      posted.push(structuredClone(message));
      wake();
    },
    fulfil: () => {},
    limits: () => ({ memory: MEMORY }),
    runsOnOpen: () => true,
    recall: () => Promise.reject(new Error('there is no such file')),
    chosenFiles: new ChosenFiles({ get: () => [], put: () => {} }),
    runTimes: new RunTimes({ get: () => undefined, put: () => {} }),
    askHowToRead: () => {},
    place: () => Promise.resolve([]),
    find: () => {},
    translate: (sentence) => sentence,
  });
  const until = async (what: string, is: (message: ToWebview) => boolean) => {
    const deadline = performance.now() + ANSWER_MILLISECONDS;
    for (;;) {
      const found = posted.find(is);
      if (found) return found;
      const left = deadline - performance.now();
      assert.ok(left > 0, `no ${what} after ${text.slice(0, 300)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, Math.min(left, 100));
      });
    }
  };
  try {
    const source = { text: MODEL, fileName: 'model.rnn.json', folder: new Files({}) };
    session.take(await readModel({ ...source, limits: { memory: MEMORY } }));
    session.receive({ type: 'ready', sample: null, origin: null });
    await until('run', ({ type }) => type === 'ran');
    session.receive(parsed(text));
    session.receive({ type: 'run', sample: 'up' } satisfies FromWebview);
    const before = posted.length;
    const ran = await until(
      'run',
      (message) => message.type === 'ran' && posted.indexOf(message) >= before - 1,
    );
    const trace = ran.type === 'ran' ? ran.run.trace : NaN;
    const ask = { trace, address: { ...at, step: 0 } };
    session.receive({ type: 'request', id: LAST_ID, kind: 'values', ask });
    await until('answer', (message) => message.type === 'reply' && message.id === LAST_ID);
  } finally {
    session.close();
  }
  const refused = posted.some(
    (message) => message.type === 'failed' || (message.type === 'reply' && 'err' in message.result),
  );
  return refused ? 'problems' : 'fine';
}

/** What is no JSON is put as the text that it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

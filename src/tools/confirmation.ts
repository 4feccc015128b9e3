/** What a user is asked before a tool runs. */
import { quote } from '../model/json/decode';
import { record } from '../untrusted';
import { fill } from '../words/translate';
import { translated } from '../words/translated';

const words = translated({
  titles: {
    info: 'Look at a Recurrent Network',
    run: 'Run a Recurrent Network',
    explain: 'Explain a Value of a Recurrent Network',
    verify: 'Check a Recurrent Network',
    compare: 'Compare Two Runs of Recurrent Networks',
  },
  read: 'Files of this workspace that are read: {0}.',
  runs: 'The model runs on this machine, on {0}.',
  held: 'What is held: {0}.',
  end: 'Nothing is written. The answer goes to the language model.',
  samples: 'its samples',
});

/** Lines of text as it is: nothing in them is markup. */
export interface Confirmation {
  readonly title: string;
  readonly progress: string;
  readonly lines: readonly string[];
}

/** `asked` is what a language model wrote, whatever that is. */
export function confirmation(tool: string, asked: unknown): Confirmation {
  const given = record(asked);
  const of = (...names: readonly string[]) =>
    names.flatMap((name) => (given[name] === undefined ? [] : [given[name]].flat().map(quoted))).join(', ');
  const read = fill(words.read, of(...FILES) || '–');
  const sequence = of('text', 'input', 'sample', 'against') || words.samples;
  return {
    title: Object.hasOwn(words.titles, tool) ? words.titles[tool as ToolName] : words.titles.info,
    progress: `Gatescope: ${read}`,
    lines: [
      read,
      ...(tool === 'info' ? [] : [fill(words.runs, sequence)]),
      ...(given.set === undefined ? [] : [fill(words.held, of('set'))]),
      words.end,
    ],
  };
}

type ToolName = keyof typeof words.titles;

const FILES = ['model', 'other', 'weights', 'input', 'expect'];

function quoted(value: unknown): string {
  return quote(String(value)).replace(STEERS, '�');
}

/** Characters that turn the direction of a text, or break its line. */
const STEERS = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

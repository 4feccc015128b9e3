/** Stands in for the editor in a page that stands alone: runs the model in the page, by the very session of the editor's panels. */
import { unpacked } from '../../src/export/packed';
import type { PageScene } from '../../src/export/pageScene';
import { ChosenFiles } from '../../src/host/chosenFiles';
import { RunTimes } from '../../src/host/runTimes';
import type { ChosenSequence } from '../../src/host/scene';
import { Session, type Wish } from '../../src/host/session';
import { DEFAULT_LIMITS } from '../../src/model/dialects/dialect';
import { splitChanges } from '../../src/whatIf/text';
import { inEnglish } from '../../src/words/translate';
import { FRESH } from '../shared/state';
import { withSets } from '../shared/changes';
import type { VsCodeApi } from '../vscode';
import { words } from './words';

/** What boot.ts has read. */
declare const gatescopeScene: string;

const scene = unpacked(gatescopeScene) as PageScene;
const { network, weights, trained, samples, fileName } = scene;
const kept = { shared: keptShared(scene) };

// A page around this one has no say in it: what comes from other windows is trusted events, the session's are not.
window.addEventListener('message', (event) => event.isTrusted && event.stopImmediatePropagation(), true);

const session = new Session({
  fileName,
  post: (message) => {
    const data: unknown = structuredClone(message);
    queueMicrotask(() => window.dispatchEvent(new MessageEvent('message', { data })));
  },
  fulfil: (wish) => void fulfil(wish),
  limits: () => DEFAULT_LIMITS,
  runsOnOpen: () => false,
  chosenFiles: new ChosenFiles({ get: () => [], put() {} }),
  runTimes: new RunTimes({ get: () => [], put() {} }),
  recall: () => Promise.reject(new Error(words.noFiles)),
  askHowToRead() {},
  place: (findings) => Promise.resolve(findings.map(({ problem }) => problem)),
  find: () => undefined,
  translate: inEnglish,
});
session.take({ network, weights, trained, samples, declaredSamples: [], problems: [], files: [] });
void session.run(chosen());

const api: VsCodeApi = {
  alone: true,
  postMessage(message) {
    const data: unknown = structuredClone(message);
    queueMicrotask(() => session.receive(data));
  },
  getState: () => kept,
  setState() {},
};
Object.assign(window, { acquireVsCodeApi: () => api });

function chosen(): ChosenSequence {
  const { sample, title, sequence } = scene;
  const expected = samples.find(({ name }) => name === sample)?.expected;
  return { sample, title, sequence, ...(expected && { expected }) };
}

/** What the panel begins with, as if it had been there before. */
function keptShared({ sample, step, detail, signal, sets }: PageScene): unknown {
  return {
    ...FRESH,
    sample,
    step,
    detail,
    ...(signal && {
      selection: { ...FRESH.selection, signal },
      dock: { ...FRESH.dock, open: ['heatmap'] },
    }),
    changes: withSets(FRESH.changes, sets),
  };
}

async function fulfil(wish: Wish): Promise<void> {
  if (wish.type === 'copy') await copy(String(wish.text));
  if (wish.type !== 'askWhatIf') return;
  const sets = splitChanges(prompt(words.whatIf) ?? '');
  if (sets.length > 0) session.change({ type: 'change', sets });
}

/** Frames of other pages may not have the clipboard, but may copy what is selected. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}

/** Which state dict of a file is the model, where it holds several. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { START_OF_FILE } from '../../problem';
import type { Report } from '../../report';
import { chooseOne, unreadable, type Choice, type Reading, type Source } from '../dialect';

/** Keys under which training scripts put the model's, beside other things. */
const USUAL = ['state_dict', 'model_state_dict', 'model', 'net', 'weights'];

export function isUsualKey(key: string): boolean {
  return USUAL.includes(key);
}

/** Where it stands: the keys that lead to it. */
interface Found {
  readonly path: readonly string[];
}

/** Reads the only one, the one that was chosen, or the only one under a usual key; otherwise the user is asked. */
export async function chooseStateDict<T extends Found>(
  found: readonly T[],
  source: Source,
  report: Report,
  read: (chosen: T) => Promise<Reading>,
): Promise<Reading> {
  if (found.length === 1) return read(found[0]);
  const choices = found.map(choiceOf);
  const chosen = found.find((_, k) => source.choices?.includes(choices[k].value));
  const usual = found.filter(({ path }) => isUsualKey(path.at(-1) ?? ''));
  const taken = chosen ?? (usual.length === 1 ? usual[0] : undefined);
  if (!taken) {
    const message = chooseOne(say`the file holds several state dicts`, choices);
    report.error(START_OF_FILE, 'several-readings', message);
    return { ...unreadable(report.problems), choices };
  }
  if (!chosen) {
    const others = found.filter((other) => other !== taken).map(titleOf);
    const message = say`the state dict under ${titleOf(taken)} is taken; the file holds others under ${others.join(', ')}`;
    report.warning(START_OF_FILE, 'assumed', message);
  }
  const reading = await read(taken);
  return { ...reading, choices: [...choices, ...(reading.choices ?? [])] };
}

function titleOf({ path }: Found): string {
  return quote(path.join('.'));
}

function choiceOf(found: Found): Choice {
  return {
    kind: 'state-dict',
    value: `key:${found.path.join('.')}`,
    label: say`the state dict under ${titleOf(found)}`,
  };
}

/** The ways in which a file can be read, and which of them are taken. */
import type { Values } from './command';
import type { Choice, Reading } from '../model/dialects/dialect';
import { countParameters } from '../model/parameters';
import { choicesOf, read } from './read';
import type { Terminal } from './terminal';

/** Larger models are not read again and again to tell what is taken where nothing was chosen. */
const MOST_PARAMETERS = 4_000_000;

export interface Way extends Choice {
  /** Absent where it was not told. */
  readonly taken?: boolean;
}

/** Of each kind of choice that way is taken which was chosen; without a choice, that which makes no difference. */
export async function waysOf(
  terminal: Terminal,
  model: string,
  values: Values,
  reading: Reading,
): Promise<Way[]> {
  const { choices = [], network } = reading;
  const given = choicesOf(values);
  const ways: Way[] = [];
  for (const kind of new Set(choices.map((choice) => choice.kind))) {
    const alike = choices.filter((choice) => choice.kind === kind);
    const chosen = alike.find(({ value }) => given.includes(value));
    const isTold = network !== undefined && countParameters(network) <= MOST_PARAMETERS;
    const taken = chosen ?? (isTold ? await without(terminal, model, values, alike, reading) : undefined);
    const toldOf = (choice: Choice) => (taken || !network ? { taken: choice === taken } : {});
    ways.push(...alike.map((choice) => ({ ...choice, ...toldOf(choice) })));
  }
  return ways;
}

/** The one of several choices with which the model is read as it is without. */
async function without(
  terminal: Terminal,
  model: string,
  values: Values,
  choices: readonly Choice[],
  reading: Reading,
): Promise<Choice | undefined> {
  for (const choice of choices) {
    const as = [...choicesOf(values), choice.value].join(',');
    if (isSame(await read(terminal, model, { ...values, as }), reading)) return choice;
  }
  return undefined;
}

function isSame(one: Reading, other: Reading): boolean {
  return structureOf(one) === structureOf(other) && haveSameWeights(one, other);
}

function structureOf({ network }: Reading): string | undefined {
  return network && JSON.stringify([network.input, network.layers]);
}

function haveSameWeights({ weights: one }: Reading, { weights: other }: Reading): boolean {
  if (!one || !other) return one === other;
  return [...one].every(([name, { data }]) => {
    const found = other.get(name)?.data;
    return found?.length === data.length && data.every((value, k) => Object.is(value, found[k]));
  });
}

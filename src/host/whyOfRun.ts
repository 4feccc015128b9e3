/** Why a unit has its value, for the panel. */
import { cellFacts } from '../cells';
import type { Role } from '../cells/cell';
import { largestApart } from '../engine/explain/term';
import type { ExplainRun } from '../engine/explain/ofRun';
import type { Rows, RowsQuestion } from '../engine/rows';
import type { SignalSummary } from '../engine/statistics';
import { type Network, type SignalAddress, isRecurrent } from '../model/network';
import type { UnitAddress } from '../model/signalText';
import { signalUnits } from '../model/signals';
import { addressKey } from '../model/states';
import { NAMED_TERMS, type Requests, type Why } from '../protocol';

/** What is asked about one run. */
export interface WhyFacts {
  readonly network: Network;
  readonly signals: readonly SignalSummary[];
  readonly explain: ExplainRun;
  readonly rows: (question: RowsQuestion) => Promise<Rows>;
  /** The most rows that an average is taken of; all where absent. */
  readonly most?: number;
}

/** Rejects as `ExplainRun` does. */
export async function whyOfRun(
  facts: WhyFacts,
  { signal, unit, step }: Omit<Requests['why']['ask'], 'trace'>,
): Promise<Why> {
  const { terms, ...found } = await facts.explain({ ...signal, step, ...(unit !== null && { unit }) });
  return {
    ...found,
    ...largestApart(terms, NAMED_TERMS),
    into: await workedOn(facts, found.at),
    halfLife: await halfLifeOf(facts, found.at),
  };
}

/** The state that a gate works on, unit for unit; null where it works on none, or on all units of what is projected. */
async function workedOn({ network, explain }: WhyFacts, at: UnitAddress): Promise<Why['into']> {
  const role = roleOf(network, at);
  const layer = network.layers.find(({ name }) => name === at.layer)!;
  if (!role || role.does === 'filters' || signalUnits(layer, role.to) !== signalUnits(layer, at.signal))
    return null;
  const { terms, ...found } = await explain({ ...at, signal: role.to });
  return { ...found, terms: terms.slice(0, NAMED_TERMS) };
}

function roleOf({ layers }: Network, { layer: name, signal }: SignalAddress): Role | undefined {
  const layer = layers.find((one) => one.name === name);
  return layer && isRecurrent(layer) ? cellFacts(layer).roles[signal] : undefined;
}

/** A gate that is f at each step halves a state in log ½ / mean log f steps: of the gate itself, and of what it keeps. */
async function halfLifeOf(
  { network, signals, rows, most = Infinity }: WhyFacts,
  { unit, step, ...at }: UnitAddress,
): Promise<Why['halfLife']> {
  const layer = network.layers.find(({ name }) => name === at.layer);
  if (!layer || !isRecurrent(layer)) return null;
  const { keeps, roles } = cellFacts(layer);
  if (keeps === undefined || (at.signal !== keeps && at.signal !== roles[keeps].to)) return null;
  const signal = { ...at, signal: keeps };
  const known = signals.find((one) => addressKey(one) === addressKey(signal));
  if (!known || known.rows < 2 || unit >= known.units) return null;
  const from = Math.max(0, Math.min(step - Math.floor(most / 2), known.rows - most));
  const to = Math.min(known.rows, from + most);
  const { min } = await rows({ signal, from, to, columns: to - from, unit });
  const mean = min.reduce((sum, value) => sum + Math.log(value), 0) / min.length;
  // A gate above 1, as relu may give, halves nothing.
  if (!(mean <= 0)) return null;
  const steps = mean === 0 ? Infinity : Math.log(0.5) / mean;
  return to - from < known.rows ? { steps, within: { from, to } } : { steps };
}

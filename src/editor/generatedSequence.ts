/** A text that the network went on with: the same again from the same prompt, temperature and seed. */
import * as vscode from 'vscode';
import type { GeneratedOrigin } from '../host/origin';
import type { Runnable } from '../host/runsAlike';
import { stepsWithin } from '../engine/plan';
import { ownChoice, type ChosenSequence } from '../host/scene';
import type { Limits } from '../model/limits';
import type { TokenSequence } from '../model/samples';

/** Tokens that are added to the prompt. */
const LENGTH = 40;

/** Rejects with what is wrong with the prompt, where it is too long for the limit, and as `generate` does. */
export async function generatedChoice(
  { network, weights }: Runnable,
  origin: GeneratedOrigin,
  { memory }: Limits,
  signal: AbortSignal,
): Promise<ChosenSequence> {
  if (!weights) throw new Error(vscode.l10n.t('The weights could not be read.'));
  const { prompt, temperature, seed } = origin;
  const { sequenceFromText } = await import('../model/sequences');
  const { generate } = await import('../engine/generate');
  const { sequence, problems } = sequenceFromText(network, prompt);
  if (!sequence) throw new Error(problems[0].message);
  const steps = sequence.steps + LENGTH;
  const fit = stepsWithin(network, { steps }, memory);
  if (fit < steps) {
    throw new Error(
      vscode.l10n.t('{0} steps fit in the limit (setting gatescope.memoryLimit), not {1}.', fit, steps),
    );
  }
  const options = { length: LENGTH, temperature, seed, signal };
  const generated = await generate(network, weights, sequence as TokenSequence, options);
  const choice = ownChoice(titleOf(origin), generated.sequence, problems, origin);
  return { ...choice, generatedFrom: generated.from };
}

/** What brings the same run again. */
function titleOf({ prompt, temperature, seed }: GeneratedOrigin): string {
  return temperature === 0
    ? vscode.l10n.t('{0}… (the likeliest)', prompt)
    : vscode.l10n.t('{0}… (temperature {1}, seed {2})', prompt, temperature, seed);
}

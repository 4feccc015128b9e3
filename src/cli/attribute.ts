import { attribute } from '../engine/attribution/attribute';
import { BASELINES } from '../engine/attribution/baseline';
import { findingsOf } from '../engine/attribution/findings';
import { attributionJson } from '../engine/attribution/json';
import { attributionBytes } from '../engine/attribution/memory';
import { METHODS } from '../engine/attribution/methods';
import { INPUT } from '../model/network';
import { attributionInWords } from '../words/attribution';
import { oneOf, wholeNumber } from './values';
import { attributionText } from './attributionText';
import type { Command } from './command';
import { firstJson } from './first';
import { demandSteps } from './memory';
import { namedTarget, outputUnit } from './outputUnit';
import { EXIT, Failure } from './output';
import { notRunJson } from '../export/notRun';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { chosenSequence } from './sequence';
import { setsOf, whatIf } from './whatIf';

/** How much each number or token of the input brings to one number of the output. */
export const attributeCommand: Command = async (terminal, model, values) => {
  const step = wholeNumber(values, 'step');
  const points = wholeNumber(values, 'points', 1);
  const method = oneOf(values, 'method', METHODS);
  const baseline = oneOf(values, 'baseline', BASELINES);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const unit = outputUnit(values, network);
  const chosen = await chosenSequence(terminal, model, network, reading, values, (lengths) =>
    demandSteps(values, 'the attribution', network, lengths, { bytesOf: attributionBytes }),
  );
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(terminal, network, sequence);
  const logit = values.logit === true;
  const options = { step, unit, points, method, baseline, clamps, logit, ...terminal.running };
  const found = await attribute(network, reading.weights!, sequence, options).catch((error: unknown) => {
    throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
  });
  const remarks = attributionInWords(findingsOf(found));
  const rows = (layer: string) => (layer === INPUT ? sequence : sequence.more!.get(layer)!).steps;
  const beside = {
    ...(remarks.length > 0 && { remarks }),
    ...(chosen.from !== undefined && { from: chosen.from }),
    ...firstJson(chosen),
    ...(set.length > 0 && { set }),
    ...notRunJson(network, part),
  };
  await terminal.write(
    values.json
      ? attributionJson({ ...found, target: namedTarget(part, found.target) }, rows, beside)
      : attributionText(part, sequence, found, remarks, { from: chosen.from, unit }),
  );
  return EXIT.ok;
};

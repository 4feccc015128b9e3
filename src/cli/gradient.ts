import type { Command } from './command';
import { gradient, gradientJson } from '../engine/gradient';
import { memoryFigures, type LayerMemory } from '../engine/memory';
import { memoryInWords } from '../words/memory';
import { wholeNumber } from './values';
import { gradientText } from './gradientText';
import { firstJson } from './first';
import { EXIT, Failure } from './output';
import { demandSteps } from './memory';
import { namedTarget, outputUnit } from './outputUnit';
import { notRunJson } from '../export/notRun';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { chosenSequence } from './sequence';
import { setsOf, whatIf } from './whatIf';

/** A trace and its gradients in double precision, the gates' among them. */
const TRACES = 4;

/** How one output depends on every state and input, and what that says of the memory. */
export const gradientCommand: Command = async (terminal, model, values) => {
  const step = wholeNumber(values, 'step');
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const unit = outputUnit(values, network);
  const chosen = await chosenSequence(terminal, model, network, reading, values, (lengths) =>
    demandSteps(values, 'the gradient', network, lengths, { times: TRACES }),
  );
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(terminal, network, sequence);
  const found = await gradient(network, reading.weights!, sequence, { step, unit, clamps }).catch(
    (error: unknown) => {
      throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
    },
  );
  const memory = memoryFigures(network, found, reading);
  await terminal.write(
    values.json
      ? [
          gradientJson(
            { ...found, target: namedTarget(part, found.target) },
            {
              memory: memory.map(inJson),
              ...firstJson(chosen),
              ...(set.length > 0 && { set }),
              ...notRunJson(network, part),
            },
          ),
          '\n',
        ]
      : gradientText(part, found, memory, { ...chosen, unit }),
  );
  return EXIT.ok;
};

function inJson({ findings, ...figures }: LayerMemory) {
  return { ...figures, text: memoryInWords(findings) };
}

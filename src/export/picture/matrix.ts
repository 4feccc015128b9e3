/** How the output at each step depends on the states at each other step. */
import { influenceOf, influenceWindow } from '../../engine/influenceWindow';
import { arithmeticFor } from '../../engine/kernels/choose';
import { canRecord } from '../../engine/recording/plan';
import { HeldStretches, type Stretches } from '../../engine/recording/stretches';
import type { SliceOptions } from '../../engine/slices';
import type { Trace } from '../../engine/trace';
import { runningPart } from '../../model/partial';
import { windowBounds } from '../../model/sequences/window';
import type { Theme } from '../../picture/colour/color';
import { roomySize } from '../../picture/memory/matrix';
import { stateInWords } from '../../picture/memory/say';
import { matrixSheet } from '../../picture/memory/svg';
import { pictureTitle } from '../../picture/names';
import type { Sheet } from '../../picture/svgText';
import { MATRIX_STEPS } from '../../protocol';
import { addressText } from '../../whatIf/text';
import type { Translate } from '../../words/translate';
import type { ExportedRun, KeptRun } from '../exported';
import { ChoiceError, type ExportOptions } from '../format';
import { fits } from '../signals';
import { words } from '../words';
import { figuresOf, withoutInput } from './figures';

/** Of the first state where none is chosen, and of the first steps. */
export async function matrixOf(
  run: ExportedRun,
  { range, signals }: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { network, kept, ran, fileName, origin } = run;
  const { translate } = how;
  const count = ran.sequence.steps;
  const [from, to] = range ? windowBounds(range, count) : [0, Math.min(count, MATRIX_STEPS)];
  if (to - from > MATRIX_STEPS) {
    throw new ChoiceError(translate(words.tooManyOutputs, MATRIX_STEPS, to - from));
  }
  const summary = await figuresOf(kept, network, how);
  const facts = {
    ...{ ...ran, network: runningPart(network, ran.sequence), summary },
    output: { rows: summary.top.unit.length, ...(await outputOf(kept, count)) },
  };
  const window = await influenceWindow(facts, walkedBack(run), { from, steps: to - from }, how);
  if (window.targets.length === 0) throw new ChoiceError(translate(words.noOutputs));
  await window.next(how);
  const { places } = influenceOf(window, 0, count);
  const wanted = places.filter((place) => !signals || signals.some((choice) => fits(choice, place)));
  if (signals ? wanted.length !== 1 : wanted.length === 0) {
    const message = places.some(({ signal }) => signal === 'c') ? words.oneStateOfLstm : words.oneState;
    throw new ChoiceError(translate(message, places.map(addressText).join(', ')));
  }
  while (await window.next(how));
  const row = places.indexOf(wanted[0]);
  const matrix = { ...influenceOf(window, row, count), row };
  const title = pictureTitle(fileName, origin.sample, stateInWords(network, wanted[0]));
  return matrixSheet(title, { matrix, all: count }, roomySize(matrix), theme);
}

/** What the gradients go back through. */
function walkedBack({ network, kept, ran }: ExportedRun): Stretches | Trace {
  if (!('trace' in kept)) return kept.recording.stretches;
  const trace = withoutInput(kept.trace);
  const part = { ...ran, network: runningPart(network, ran.sequence) };
  return canRecord(part.network) ? new HeldStretches(part, arithmeticFor(ran.weights), trace) : trace;
}

async function outputOf(kept: KeptRun, steps: number): Promise<Pick<Trace['output'], 'units' | 'time'>> {
  const { output } = 'trace' in kept ? kept.trace : await kept.recording.stretch(steps - 1, steps);
  return { units: output.units, ...(output.time && { time: output.time }) };
}

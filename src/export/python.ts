/** The lines of Python that load an exported run. */
import type { ExportedRun } from './exported';
import type { ExportOptions } from './format';
import { arrayNames } from './npy';
import { type ChosenSignal, chosenSignals } from './signals';

/** Arrays that are named in the comment; `run.files` has all. */
const MOST_NAMES = 12;

/** The lines that load a run, once it is exported to `file`. Rejects as the export does. */
export async function pythonOfRun(
  { kept }: ExportedRun,
  options: ExportOptions,
  file: string,
): Promise<string> {
  return pythonLines(file, await chosenSignals(kept, options), options.range?.from);
}

/** Loads `file`, says what is in it, and draws the first state, or what there is. Needs one signal at least. */
export function pythonLines(file: string, signals: readonly ChosenSignal[], firstStep = 0): string {
  const names = arrayNames(signals);
  const listed = signals
    .slice(0, MOST_NAMES)
    .map((one) => `#   ${pythonString(names.get(one)!)}: ${one.to - one.from} × ${one.units}`);
  const more = signals.length > MOST_NAMES ? [`#   … ${signals.length - MOST_NAMES} more: run.files`] : [];
  const shown = signals.find(({ signal, from, to }) => signal === 'h' && to > from) ?? signals[0];
  const offset = firstStep > 0 ? `  # the first row is step ${firstStep}` : '';
  return [
    'import matplotlib.pyplot as plt',
    'import numpy as np',
    '',
    `run = np.load(${pythonString(file)})${offset}`,
    '# rows × units:',
    ...listed,
    ...more,
    `values = run[${pythonString(names.get(shown)!)}]`,
    'plt.imshow(values.T, aspect="auto", interpolation="nearest")',
    'plt.xlabel("step")',
    'plt.ylabel("unit")',
    'plt.colorbar()',
    'plt.show()',
    '',
  ].join('\n');
}

/** A literal; all but plain ASCII is escaped. */
function pythonString(text: string): string {
  const escaped = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (character === '"' || character === '\\') return `\\${character}`;
    if (code >= 0x20 && code < 0x7f) return character;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

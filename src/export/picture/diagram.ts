/** The unrolled network, with or without a run laid over it. */
import type { SliceOptions } from '../../engine/slices';
import type { Theme } from '../../picture/colour/color';
import { bareOverlay, type Overlay } from '../../picture/diagram/overlay';
import { diagramSheet } from '../../picture/diagram/svg';
import { inputsOf, longestRow } from '../../picture/inputs';
import type { Sheet } from '../../picture/svgText';
import { columnLimit } from '../../unroll/graph';
import type { ExportedModel, ExportedRun } from '../exported';
import { figuresOf } from './figures';
import { byChoice, type ExportOptions } from '../format';

/** Steps side by side, where nothing else is asked for. */
const USUAL_COLUMNS = 8;

export async function diagramOf(
  subject: ExportedModel | ExportedRun,
  { range, detail = 'gates' }: ExportOptions,
  theme: Theme,
  how: SliceOptions,
): Promise<Sheet> {
  const shape = { network: subject.network, detail, explained: false };
  const usual = Math.min(USUAL_COLUMNS, columnLimit(subject.network, detail));
  const start = range?.from ?? 0;
  if (!('kept' in subject)) {
    return byChoice(() =>
      diagramSheet({ ...shape, columns: range?.steps ?? usual }, bareOverlay(start), theme),
    );
  }
  const { sequence } = subject.ran;
  const { steps } = sequence;
  const { inputs, further } = inputsOf(sequence);
  const longest = longestRow(subject.network, { steps, ...(further && { further }) });
  const run = await figuresOf(subject.kept, subject.network, how);
  const overlay: Overlay = {
    ...{ ...bareOverlay(start), steps, longest, inputs, further: further ?? null, run },
    numbers: { measure: 'mean', values: run.mean },
    changes: subject.sets ?? [],
  };
  const columns = range?.steps ?? Math.min(usual, longest - start);
  return byChoice(() => diagramSheet({ ...shape, columns }, overlay, theme));
}

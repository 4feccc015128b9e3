/** What is drawn of a model or a run. */
import { namedTheme } from '../../picture/colour/themes';
import { withChanges, type Sheet } from '../../picture/svgText';
import type { ExportedModel, ExportedRun } from '../exported';
import { ChoiceError, VIEW_OPTIONS, type ExportOptions, type OptionName, type WriteOptions } from '../format';
import { words } from '../words';
import { attributionOf } from './attribution';
import { diagramOf } from './diagram';
import { heatmapOf } from './heatmap';
import { matrixOf } from './matrix';
import { memoryOf } from './memory';
import { outputOf } from './output';
import { whyOf } from './why';

export const PICTURE_OPTIONS: readonly OptionName[] = [
  ...new Set<OptionName>(['theme', 'scale', 'view', ...Object.values(VIEW_OPTIONS).flat()]),
];

const VIEWS = {
  ...{ heatmap: heatmapOf, memory: memoryOf, matrix: matrixOf },
  ...{ output: outputOf, why: whyOf, attribution: attributionOf },
};

/** Rejects with a RangeError where it cannot be drawn. */
export async function pictureOf(
  subject: ExportedModel | ExportedRun,
  options: ExportOptions,
  how: WriteOptions,
): Promise<Sheet> {
  const theme = namedTheme(options.theme ?? 'light');
  const { view = 'diagram' } = options;
  if (view === 'diagram') return withHeld(await diagramOf(subject, options, theme, how));
  if (!('kept' in subject)) throw new ChoiceError(how.translate(words.needsValues));
  return withHeld(await VIEWS[view](subject, options, theme, how));

  function withHeld(sheet: Sheet): Sheet {
    return withChanges(sheet, 'kept' in subject ? (subject.sets ?? []) : [], theme);
  }
}

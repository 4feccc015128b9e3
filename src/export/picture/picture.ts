/** What is drawn of a model or a run. */
import { namedTheme } from '../../picture/colour/themes';
import type { Sheet } from '../../picture/svgText';
import type { ExportedModel, ExportedRun } from '../exported';
import type { ExportOptions, OptionName, WriteOptions } from '../format';
import { diagramOf } from './diagram';

export const PICTURE_OPTIONS: readonly OptionName[] = [
  ...(['from', 'steps', 'detail'] as const),
  ...(['theme', 'scale', 'no-values'] as const),
];

/** Rejects with a RangeError where it cannot be drawn. */
export function pictureOf(
  subject: ExportedModel | ExportedRun,
  options: ExportOptions,
  how: WriteOptions,
): Promise<Sheet> {
  const theme = namedTheme(options.theme ?? 'light');
  return diagramOf(subject, options, theme, how);
}

/** What people set for the panel: its page is told before it starts. */
import type { Detail } from './protocol';
import { isCount, record } from './untrusted';

export const DETAILS = ['gates', 'cells'] as const satisfies readonly Detail[];
export const COLOUR_MODES = ['mean', 'size'] as const;
export const NUMBER_FORMATS = ['rounded', 'full'] as const;
export const REDUCED_MOTION = ['auto', 'on', 'off'] as const;

export interface PanelSettings {
  /** Columns of the unrolled picture; 0 for as many as there is room for. */
  readonly columns: number;
  /** What a model is shown with until something else is chosen for it. */
  readonly detail: Detail;
  readonly colourMode: (typeof COLOUR_MODES)[number];
  /** Of numbers that stand beside words; in the picture they are as long as there is room. */
  readonly numberFormat: (typeof NUMBER_FORMATS)[number];
  /** `auto` as VS Code itself. */
  readonly reducedMotion: (typeof REDUCED_MOTION)[number];
}

export const USUAL_SETTINGS: PanelSettings = {
  columns: 0,
  detail: 'gates',
  colourMode: 'mean',
  numberFormat: 'rounded',
  reducedMotion: 'auto',
};

const MOST_COLUMNS = 100;

/** Settings from anywhere: what is missing or of the wrong kind is the usual one. */
export function checkedSettings(value: unknown): PanelSettings {
  const { columns, detail, colourMode, numberFormat, reducedMotion } = record(value);
  return {
    columns: isCount(columns) ? Math.min(columns, MOST_COLUMNS) : USUAL_SETTINGS.columns,
    detail: oneOf(DETAILS, detail, USUAL_SETTINGS.detail),
    colourMode: oneOf(COLOUR_MODES, colourMode, USUAL_SETTINGS.colourMode),
    numberFormat: oneOf(NUMBER_FORMATS, numberFormat, USUAL_SETTINGS.numberFormat),
    reducedMotion: oneOf(REDUCED_MOTION, reducedMotion, USUAL_SETTINGS.reducedMotion),
  };
}

function oneOf<T>(all: readonly T[], value: unknown, usual: T): T {
  return all.find((one) => one === value) ?? usual;
}

/** Pictures of the panel's views, as they are asked for and made. */
import { isCount, record } from '../untrusted';
import { THEME_NAMES, type ThemeName } from './colour/themes';

/** A view of which there can be a picture now. */
export interface PictureOffer {
  /** Its name in the panel. */
  readonly view: string;
  /** As people call it. */
  readonly label: string;
  /** Whether there can be one without values. */
  readonly bare: boolean;
  /** The steps that are chosen, where there can be one of them alone: both ends included. */
  readonly chosen: { readonly from: number; readonly to: number } | null;
}

/** Where pictures go to. */
export const PICTURES_GO = ['file', 'clipboard'] as const;
export type PicturesGo = (typeof PICTURES_GO)[number];

export const PICTURE_FORMATS = ['svg', 'png'] as const;

export interface WantedPicture {
  readonly view: string;
  readonly format: (typeof PICTURE_FORMATS)[number];
  /** Pixels for each of the picture's own: 1 to 4. */
  readonly scale: number;
  /** Null for the editor's own. */
  readonly theme: ThemeName | null;
  readonly values: boolean;
  readonly of: 'window' | 'chosen';
}

export const MOST_SCALE = 4;

/** More would take too much memory. */
export const MOST_PIXELS = 2 ** 26;

export function isPictureOffer(value: unknown): value is PictureOffer {
  const { view, label, bare, chosen } = record(value);
  const { from, to } = record(chosen);
  const isRange = chosen === null || (isCount(from) && isCount(to));
  return typeof view === 'string' && typeof label === 'string' && typeof bare === 'boolean' && isRange;
}

/** What is missing is as usual. */
export function wantedPicture(given: unknown): WantedPicture {
  const { view, format, scale, theme, values, of } = record(given);
  return {
    view: typeof view === 'string' ? view : 'diagram',
    format: PICTURE_FORMATS.find((one) => one === format) ?? 'svg',
    scale: typeof scale === 'number' && scale >= 1 && scale <= MOST_SCALE ? scale : 1,
    theme: THEME_NAMES.find((one) => one === theme) ?? null,
    values: values !== false,
    of: of === 'chosen' ? 'chosen' : 'window',
  };
}

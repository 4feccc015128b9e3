/** Themes for pictures outside of an editor: the colours of VS Code's own default ones, and one for paper. */
import type { Rgb, Theme, ThemeKind } from './color';
import { isHighContrast, isLight, mix } from './color';

export const THEME_NAMES = ['dark', 'light', 'hc-dark', 'hc-light', 'print'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** What an editor's theme says of itself. */
export interface EditorColours {
  readonly kind: ThemeKind;
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** Of borders, in themes of high contrast. */
  readonly contrast: Rgb;
  readonly accent: Rgb;
  readonly focus: Rgb;
  /** Lines behind a chart; null where they are mixed of background and foreground. */
  readonly grid: Rgb | null;
  /** Of two runs that are compared; VS Code's own purple and green where absent. */
  readonly runs?: Theme['runs'];
  /** Of lines; VS Code's own colours of charts where absent. */
  readonly series?: Theme['series'];
  readonly fontFamily: string;
  readonly monoFamily: string;
}

const DARK_RUNS: Theme['runs'] = [
  [177, 128, 215],
  [137, 209, 133],
];
const LIGHT_RUNS: Theme['runs'] = [
  [101, 45, 144],
  [56, 138, 52],
];

/** Blue, purple, green, red, yellow. */
const DARK_SERIES: Theme['series'] = [
  [55, 148, 255],
  [177, 128, 215],
  [137, 209, 133],
  [241, 76, 76],
  [204, 167, 0],
];
const LIGHT_SERIES: Theme['series'] = [
  [26, 133, 255],
  [101, 45, 144],
  [56, 138, 52],
  [229, 20, 0],
  [191, 136, 3],
];

/** All colours of a picture follow from a few. */
export function themeOf(colours: EditorColours): Theme {
  const { kind, background, foreground, contrast, accent, focus, grid, fontFamily, monoFamily } = colours;
  const { runs = isLight(kind) ? LIGHT_RUNS : DARK_RUNS } = colours;
  const light = isLight(kind);
  const { series = [...(light ? LIGHT_SERIES : DARK_SERIES), foreground] } = colours;
  const strong = isHighContrast(kind);
  const toward = (share: number) => mix(background, foreground, share);
  return {
    ...{ kind, background, foreground, accent, focus, runs, series, fontFamily, monoFamily },
    dim: strong ? foreground : toward(light ? 0.76 : 0.7),
    line: strong ? contrast : toward(light ? 0.22 : 0.16),
    grid: grid ?? toward(strong ? 0.36 : 0.16),
    rail: strong ? foreground : toward(light ? 0.5 : 0.42),
    cell: strong ? background : toward(0.025),
    paper: strong ? background : toward(0.065),
  };
}

/** What makes the PNGs of the command line takes generic families all for one: there the second has a name. */
const FONTS = { fontFamily: 'sans-serif', monoFamily: "'Gatescope Mono', monospace" };

const LIGHT: EditorColours = {
  ...{ kind: 'light', background: [255, 255, 255], foreground: [59, 59, 59], contrast: [59, 59, 59] },
  ...{ accent: [0, 95, 184], focus: [0, 95, 184], grid: null, ...FONTS },
};

/** Dark Modern, Light Modern and the two of high contrast, as VS Code has them in 2025; `print` is ink on white. */
const COLOURS: Readonly<Record<ThemeName, EditorColours>> = {
  dark: {
    ...{ kind: 'dark', background: [31, 31, 31], foreground: [204, 204, 204], contrast: [204, 204, 204] },
    ...{ accent: [77, 170, 252], focus: [0, 120, 212], grid: null, ...FONTS },
  },
  light: LIGHT,
  'hc-dark': {
    ...{ kind: 'high-contrast', background: [0, 0, 0], foreground: [255, 255, 255] },
    ...{ contrast: [111, 195, 223], accent: [243, 133, 24], focus: [243, 133, 24], grid: null, ...FONTS },
  },
  'hc-light': {
    ...{ kind: 'high-contrast-light', background: [255, 255, 255], foreground: [41, 41, 41] },
    ...{ contrast: [15, 74, 133], accent: [0, 107, 189], focus: [0, 107, 189], grid: null, ...FONTS },
  },
  print: { ...LIGHT, foreground: [0, 0, 0], contrast: [0, 0, 0] },
};

export function namedTheme(name: ThemeName): Theme {
  return themeOf(COLOURS[name]);
}

import type { Theme } from '../../../../src/picture/colour/color';

/** A dark theme as VS Code might have it. */
export const THEME: Theme = {
  kind: 'dark',
  background: [31, 31, 31],
  foreground: [204, 204, 204],
  dim: [140, 140, 140],
  line: [60, 60, 60],
  grid: [58, 58, 58],
  rail: [110, 110, 110],
  accent: [77, 170, 252],
  focus: [0, 120, 212],
  cell: [35, 35, 35],
  paper: [42, 42, 42],
  runs: [
    [177, 128, 215],
    [137, 209, 133],
  ],
  series: [
    [55, 148, 255],
    [204, 204, 204],
  ],
  fontFamily: 'sans-serif',
  monoFamily: 'monospace',
};

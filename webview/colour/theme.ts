/** VS Code's theme as real colours: `--vscode-*` variables resolved through a probe element. */

import {
  isHighContrast,
  isLight,
  parseColor,
  type Rgb,
  type Theme,
  type ThemeKind,
} from '../../src/picture/colour/color';
import { themeOf } from '../../src/picture/colour/themes';

/** As memory.css has them. */
const SERIES = [
  ...['charts-blue', 'charts-purple', 'charts-green', 'charts-red', 'charts-yellow', 'foreground'],
];

/** Reads the theme of the page. VS Code names its kind on the body. */
export function readTheme(): Theme {
  const probe = document.createElement('div');
  probe.style.display = 'none';
  document.body.append(probe);
  const resolve = (variable: string): Rgb | null => {
    probe.style.color = `var(${variable}, transparent)`;
    return parseColor(getComputedStyle(probe).color);
  };
  const kind = readKind();
  const light = isLight(kind);
  const background = resolve('--vscode-editor-background') ?? (light ? [255, 255, 255] : [31, 31, 31]);
  const foreground =
    resolve('--vscode-editor-foreground') ??
    resolve('--vscode-foreground') ??
    (light ? [59, 59, 59] : [204, 204, 204]);
  const contrast = resolve('--vscode-contrastBorder') ?? foreground;
  const accent =
    resolve('--vscode-textLink-foreground') ??
    resolve('--vscode-focusBorder') ??
    (light ? [0, 95, 184] : [77, 170, 252]);
  const theme = themeOf({
    ...{ kind, background, foreground, contrast },
    accent: isHighContrast(kind) ? (resolve('--vscode-contrastActiveBorder') ?? accent) : accent,
    focus: resolve('--vscode-focusBorder') ?? accent,
    grid: resolve('--grid'),
    series: SERIES.map((name) => resolve(`--vscode-${name}`) ?? foreground),
    runs: [resolve('--run-shown') ?? foreground, resolve('--run-compared') ?? foreground],
    fontFamily: getComputedStyle(document.body).fontFamily || 'sans-serif',
    monoFamily: fontVariable('--vscode-editor-font-family') || 'monospace',
  });
  probe.remove();
  return theme;
}

function readKind(): ThemeKind {
  const { classList } = document.body;
  if (classList.contains('vscode-high-contrast-light')) return 'high-contrast-light';
  if (classList.contains('vscode-high-contrast')) return 'high-contrast';
  return classList.contains('vscode-light') ? 'light' : 'dark';
}

function fontVariable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** VS Code's theme as real colours: `--vscode-*` variables resolved through a probe element. */

export type ThemeKind = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** For step numbers and row names. */
  readonly dim: Rgb;
  /** Borders of nodes. */
  readonly line: Rgb;
  /** Wires. */
  readonly rail: Rgb;
  /** The playhead and bars. */
  readonly accent: Rgb;
  readonly focus: Rgb;
  /** Inside of a cell. */
  readonly cell: Rgb;
  /** Nodes without a value; values fade into it at zero. */
  readonly paper: Rgb;
  readonly fontFamily: string;
  readonly monoFamily: string;
}

export function isLight(kind: ThemeKind): boolean {
  return kind === 'light' || kind === 'high-contrast-light';
}

export function isHighContrast(kind: ThemeKind): boolean {
  return kind === 'high-contrast' || kind === 'high-contrast-light';
}

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
  const strong = isHighContrast(kind);
  const background = resolve('--vscode-editor-background') ?? (light ? [255, 255, 255] : [31, 31, 31]);
  const foreground =
    resolve('--vscode-editor-foreground') ??
    resolve('--vscode-foreground') ??
    (light ? [59, 59, 59] : [204, 204, 204]);
  const contrast = resolve('--vscode-contrastBorder') ?? foreground;
  const toward = (share: number) => mix(background, foreground, share);
  const accent =
    resolve('--vscode-textLink-foreground') ??
    resolve('--vscode-focusBorder') ??
    (light ? [0, 95, 184] : [77, 170, 252]);
  const theme: Theme = {
    kind,
    background,
    foreground,
    dim: strong ? foreground : toward(light ? 0.68 : 0.62),
    line: strong ? contrast : toward(light ? 0.22 : 0.16),
    rail: strong ? foreground : toward(light ? 0.5 : 0.42),
    accent: strong ? (resolve('--vscode-contrastActiveBorder') ?? accent) : accent,
    focus: resolve('--vscode-focusBorder') ?? accent,
    cell: strong ? background : toward(0.025),
    paper: strong ? background : toward(0.065),
    fontFamily: getComputedStyle(document.body).fontFamily || 'sans-serif',
    monoFamily: fontVariable('--vscode-editor-font-family') || 'monospace',
  };
  probe.remove();
  return theme;
}

export function sameTheme(a: Theme, b: Theme): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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

/** A computed colour, or null if it is fully transparent or not understood. */
export function parseColor(text: string): Rgb | null {
  const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
  if (text.startsWith('color(srgb'))
    return alpha(
      numbers.slice(0, 3).map((n) => Math.round(n * 255)),
      numbers[3],
    );
  return text.startsWith('rgb') ? alpha(numbers.slice(0, 3), numbers[3]) : null;
}

function alpha(rgb: readonly number[], opacity = 1): Rgb | null {
  return rgb.length === 3 && opacity > 0 ? [rgb[0], rgb[1], rgb[2]] : null;
}

/** From a to b by a share 0 … 1. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(a[i] + (b[i] - a[i]) * share)) as unknown as Rgb;
}

export function css([r, g, b]: Rgb, opacity = 1): string {
  return opacity === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${opacity})`;
}

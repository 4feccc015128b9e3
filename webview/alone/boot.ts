/** What a page that stands alone begins with: its theme, then its program and its scene, which are compressed. */

const KINDS: Readonly<Record<string, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
};

const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const strong = matchMedia('(prefers-contrast: more)');

function showTheme(): void {
  const wished = `${strong.matches ? 'hc-' : ''}${dark.matches ? 'dark' : 'light'}`;
  const theme = root.dataset.theme! in KINDS ? root.dataset.theme! : wished;
  root.dataset.shown = theme;
  document.body.className = KINDS[theme];
  // Of the two classes of high contrast in light colours it is the second.
  document.body.dataset.vscodeThemeKind = KINDS[theme].split(' ').at(-1);
}

async function text(id: string): Promise<string> {
  const bytes = Uint8Array.from(atob(document.getElementById(id)!.textContent!), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

async function start(): Promise<void> {
  Object.assign(window, { gatescopeScene: await text('scene') });
  const script = document.createElement('script');
  // The policy knows its hash.
  script.textContent = await text('program');
  document.body.append(script);
}

showTheme();
for (const query of [dark, strong]) query.addEventListener('change', showTheme);
start().catch((error: unknown) => {
  const frame = document.getElementById('root')!;
  frame.textContent = `${frame.dataset.needs}: ${String(error)}`;
});

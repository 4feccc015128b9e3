/** What is to be exported, and where to: asked, or said by whoever runs the command. */
import * as vscode from 'vscode';
import { translate } from '../editor/translate';
import type { PanelSession } from '../editor/panelSession';
import { OUTPUT, type SignalChoice } from '../export/exported';
import type { ExportOptions, Format } from '../export/format';
import { INPUT, type Network } from '../model/network';
import type { StepRange } from '../model/sequences/window';
import type { ThemeName } from '../picture/colour/themes';
import type { ShownView } from '../protocol';
import { isCount, record } from '../untrusted';

export interface Wanted {
  readonly format: Format;
  readonly options: ExportOptions;
  readonly file: vscode.Uri;
}

/** Undefined where the user gave up, or wants a picture, which is asked for elsewhere: the panel draws what it shows. */
export async function ask(session: PanelSession, network: Network): Promise<Wanted | undefined> {
  const { FORMATS } = await import('../export/formats');
  const [pictures, others] = [true, false].map((are) =>
    FORMATS.filter(({ of }) => (of === 'picture') === are),
  );
  const items = [
    ...others.map((format) => ({
      label: format.label,
      description: `.${format.endings[0]}`,
      detail: translate(format.about),
      format,
    })),
    {
      label: vscode.l10n.t('Picture…'),
      description: pictures.map(({ endings: [ending] }) => `.${ending}`).join(', '),
      detail: vscode.l10n.t('what the panel shows'),
      format: null,
    },
  ];
  const title = vscode.l10n.t('Export');
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose what {0} is to be exported as', session.fileName),
  });
  if (!picked) return undefined;
  const { format } = picked;
  if (!format) {
    session.askPictures('file');
    return undefined;
  }
  const shown = session.view;
  const options: { -readonly [K in keyof ExportOptions]: ExportOptions[K] } = {
    ...(takes(format, 'detail') && { detail: shown.detail }),
    ...(format.of === 'picture' && { theme: themeOf(vscode.window.activeColorTheme) }),
  };
  if (format.of !== 'model') {
    await session.hasRun();
    // A page begins with a step and a signal, and has them all.
    const ofPart = takes(format, 'from') && takes(format, 'steps');
    options.range = ofPart ? await askRange(title, session) : { from: shown.start };
    if (!options.range) return undefined;
    const signals = takes(format, 'signal') && ofPart ? await askSignals(title, network, shown) : 'all';
    if (!signals) return undefined;
    if (signals !== 'all') options.signals = signals;
  } else if (takes(format, 'steps')) {
    options.range = { from: 0, steps: shown.steps };
  }
  const file = await askFile(session, format);
  return file && { format, options, file };
}

function takes({ options }: Format, option: Format['options'][number]): boolean {
  return options.includes(option);
}

function themeOf({ kind }: vscode.ColorTheme): ThemeName {
  switch (kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
    case vscode.ColorThemeKind.HighContrast:
      return 'hc-dark';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'hc-light';
  }
}

/** Steps count from 1 for people. Undefined where the user gave up. */
async function askRange(
  title: string,
  { exported, view: shown }: PanelSession,
): Promise<StepRange | undefined> {
  const { steps } = exported.ran.sequence;
  const item = (label: string, from: number, to: number) => ({
    label,
    description: vscode.l10n.t('steps {0} to {1}', from + 1, to),
    range: { from, steps: to - from },
  });
  const all = item(vscode.l10n.t('All steps'), 0, steps);
  const start = Math.min(shown.start, steps - 1);
  const window = item(vscode.l10n.t('The window'), start, Math.min(steps, start + shown.steps));
  const chosen = shown.range && shown.range.to < steps ? shown.range : undefined;
  const items = [
    all,
    window,
    ...(chosen ? [item(vscode.l10n.t('The chosen steps'), chosen.from, chosen.to + 1)] : []),
  ];
  const placeHolder = vscode.l10n.t('Choose the steps');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.range;
}

async function askSignals(
  title: string,
  { layers }: Network,
  { signal }: ShownView,
): Promise<SignalChoice[] | 'all' | undefined> {
  const layer = signal && { layer: signal.layer };
  const items: (vscode.QuickPickItem & { readonly signals?: SignalChoice[] | 'all' })[] = [
    { label: vscode.l10n.t('All signals'), signals: 'all' },
    ...(signal && layer
      ? [
          {
            label: vscode.l10n.t('The chosen signal'),
            description: [signal.layer, signal.level, signal.direction, signal.signal].join('.'),
            signals: [signal],
          },
          { label: vscode.l10n.t('The chosen layer'), description: signal.layer, signals: [layer] },
        ]
      : []),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    ...[INPUT, ...layers.map(({ name }) => name), OUTPUT].map((name) => ({
      label: name,
      signals: [{ layer: name }],
    })),
  ];
  const placeHolder = vscode.l10n.t('Choose the signals');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.signals;
}

async function askFile(session: PanelSession, { endings, label }: Format): Promise<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    defaultUri: await besideModel(session, endings[0]),
    filters: { [label]: [...endings] },
    title: vscode.l10n.t('Export as {0}', label),
  });
}

/** A file beside the model, called as it is. */
export async function besideModel({ document, fileName }: PanelSession, ending: string): Promise<vscode.Uri> {
  const { stemOf } = await import('../model/convert');
  return vscode.Uri.joinPath(document.folderUri, `${stemOf(fileName)}.${ending}`);
}

/** What another extension says. Throws an Error for people where that is no export. */
export async function wantedBy(given: unknown, network: Network): Promise<Wanted> {
  const { format: name, file, from, steps, signals } = record(given);
  const [{ FORMATS }, { signalChoice }] = await Promise.all([
    import('../export/formats'),
    import('../export/choice'),
  ]);
  const format = FORMATS.find((one) => one.name === name);
  if (!format || !(file instanceof vscode.Uri)) {
    const names = FORMATS.map((one) => one.name).join(', ');
    throw new Error(vscode.l10n.t('An export needs a format, one of {0}, and the URI of a file.', names));
  }
  const range = {
    from: isCount(from) ? from : 0,
    ...(isCount(steps) && { steps }),
  };
  const choices = Array.isArray(signals) ? signals.map((text) => signalChoice(network, String(text))) : [];
  const fault = choices.find((one) => one.fault !== undefined)?.fault;
  if (fault !== undefined) throw new Error(fault);
  const chosen = choices.flatMap(({ choice }) => (choice ? [choice] : []));
  return {
    ...{ format, file },
    options: {
      ...((isCount(from) || isCount(steps)) && { range }),
      ...(chosen.length > 0 && { signals: chosen }),
    },
  };
}

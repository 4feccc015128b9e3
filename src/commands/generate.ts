import * as vscode from 'vscode';
import { generatedChoice } from '../editor/generatedSequence';
import type { PanelSession } from '../editor/panelSession';
import { memoryLimits } from '../editor/settings';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import type { Network } from '../model/network';
import { command } from './command';
import { targetSession } from './targetSession';

/** What is asked for; all of it may be given to the command instead. */
interface Request {
  readonly prompt: string;
  /** 0 takes the likeliest token at every step. */
  readonly temperature: number;
  readonly seed?: number;
}

/** "Generate from Prompt…": the network goes on from a text, and the panel shows the run on all of it. */
export function registerGenerate(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.generate', async (argument) => {
    const session = await targetSession(editor);
    if (!session) return;
    const { network } = await session.readable();
    const { generatorHead } = await import('../engine/generate');
    generatorHead(network);
    const request = isRequest(argument) ? argument : await ask(network);
    if (request) await goOn(session, request);
  });
}

function isRequest(argument: unknown): argument is Request {
  const { prompt, temperature, seed } = (argument ?? {}) as Partial<Record<keyof Request, unknown>>;
  return (
    typeof prompt === 'string' &&
    typeof temperature === 'number' &&
    ['number', 'undefined'].includes(typeof seed)
  );
}

async function ask(network: Network): Promise<Request | undefined> {
  const { sequenceFromText } = await import('../model/sequences');
  const title = vscode.l10n.t('Generate from Prompt');
  const prompt = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The text to go on from'),
    validateInput: (text) =>
      sequenceFromText(network, text).problems.find(({ severity }) => severity === 'error')?.message,
  });
  if (prompt === undefined) return undefined;
  const temperature = await vscode.window.showInputBox({
    title,
    value: '0.5',
    prompt: vscode.l10n.t(
      'Temperature: 0 takes the likeliest token every time, 1 draws by the network’s own odds',
    ),
    validateInput: (text) =>
      temperatureOf(text) === undefined ? vscode.l10n.t('Expected a number from 0') : undefined,
  });
  return temperature === undefined ? undefined : { prompt, temperature: temperatureOf(temperature)! };
}

function temperatureOf(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

async function goOn(
  session: PanelSession,
  { prompt, temperature, seed = anySeed() }: Request,
): Promise<void> {
  const model = await session.readable();
  const limits = memoryLimits(session.uri);
  const origin = { kind: 'generated', prompt, temperature, seed } as const;
  const choice = await cancellable((signal) => generatedChoice(model, origin, limits, signal));
  if (choice) await session.run(choice);
}

function anySeed(): number {
  return Math.floor(Math.random() * 10_000);
}

/** Undefined if the user cancels. */
async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Generating'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      return await work(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    }
  });
}

/** What the tests inside the extension host share. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const EXTENSION = 'gatescope.gatescope';

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A file of the test's workspace. */
export function file(name: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0].uri, name);
}

export async function write(name: string, text: string): Promise<vscode.Uri> {
  await vscode.workspace.fs.writeFile(file(name), new TextEncoder().encode(text));
  return file(name);
}

/** Opens a file as text whatever its default editor is. */
export async function openText(uri: vscode.Uri): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
  return vscode.workspace.openTextDocument(uri);
}

/** Asks again until the answer is there. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < deadline, `not within 15 s: ${what}`);
    await sleep(50);
  }
}

/** Resolves when VS Code's JSON support has read the document. */
export async function jsonIsRead(document: vscode.TextDocument): Promise<void> {
  await eventually('symbols of the JSON text', async () => {
    const symbols = await vscode.commands.executeCommand<unknown[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    return symbols?.length ? symbols : undefined;
  });
  // Validation is debounced; by now it has been asked for.
  await sleep(1000);
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export const TOLERANCE = 1e-5;

export function assertClose(found: Float32Array, expected: readonly (readonly number[])[]): void {
  const numbers = expected.flat();
  assert.equal(found.length, numbers.length);
  numbers.forEach((value, k) => assert.ok(Math.abs(found[k] - value) <= TOLERANCE, `${k}: ${found[k]}`));
}

/** A small model with inline text; `extra` replaces or adds keys. */
export function model(extra: Record<string, unknown> = {}): string {
  const base = {
    format: 'rnn-model',
    version: 1,
    name: 'Small LSTM',
    input: { kind: 'vector', size: 2 },
    layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3 }],
    samples: [{ name: 'ramp', values: [[0, 1], [1, 0], [1, 1]] }], // prettier-ignore
  };
  return JSON.stringify({ ...base, ...extra }, null, 2);
}

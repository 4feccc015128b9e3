import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { say } from './say';
import { EXTENSION } from './vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
    }[];
  };
}

describe('activation', () => {
  it('succeeds', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension, 'the extension is not known to VS Code');
    assert.equal(extension.isActive, false, 'active before anything needed it');
    const start = performance.now();
    await extension.activate();
    say(`activated in ${(performance.now() - start).toFixed(1)} ms`);
    assert.equal(extension.isActive, true);
  });

  it('registers every command of the manifest', async () => {
    const { contributes } = vscode.extensions.getExtension(EXTENSION)!.packageJSON as Manifest;
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
    assert.ok(contributes.commands.length > 0);
    for (const { command, category } of contributes.commands) assert.equal(category, 'Gatescope', command);
  });
});

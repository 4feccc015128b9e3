import * as vscode from 'vscode';
import type { FileUri, GatescopeApi, ModelOptions } from '../library/vscode';
import { threads } from '../platform/platform';
import { nameOf, readUri } from './readModel';
import { memoryLimits, memoryOptions } from './settings';
import type { UnrolledEditor } from './unrolledEditor';
import { WorkspaceFiles } from './workspaceFiles';

/** What other extensions are given. */
export function apiFor(editor: UnrolledEditor): GatescopeApi {
  return Object.freeze<GatescopeApi>({
    version: 1,
    async read(model, options = {}) {
      const { infoOfModel } = await import('../tools/api');
      return infoOfModel(await readingOf(model, options));
    },
    async run(model, options = {}) {
      const { runModel } = await import('../tools/api');
      const uri = uriOf(model);
      const { signal } = options;
      return runModel(nameOf(uri), await readingOf(model, options), options, {
        files: new WorkspaceFiles(signal),
        running: { helper: threads(), signal },
        values: memoryOptions(uri),
      });
    },
    async unroll(model, options = {}) {
      const { unrollModel } = await import('../tools/api');
      return unrollModel(await readingOf(model, options), options);
    },
    async open(model) {
      await editor.open(uriOf(model));
    },
  });
}

function readingOf(model: FileUri, { weights, as: choices, signal }: ModelOptions) {
  const uri = uriOf(model);
  const limits = memoryLimits(uri);
  return readUri(uri, { weights: weights && uriOf(weights), choices, limits, signal });
}

/** Throws TypeError for what is no URI. */
function uriOf(file: FileUri): vscode.Uri {
  if (file instanceof vscode.Uri) return file;
  throw new TypeError(`expected a vscode.Uri, found ${typeof file}`);
}

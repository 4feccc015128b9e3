/** An extension that asks Gatescope, as others do. */
import * as vscode from 'vscode';
import type { GatescopeApi } from '../../../src/library/vscode';

/** What it was given, and what it makes of it. */
export interface Second {
  readonly gatescope: GatescopeApi;
  /** The step at which the mean of a signal is largest. */
  peak(model: vscode.Uri, layer: string, signal: string): Promise<number>;
}

export async function activate(): Promise<Second> {
  const extension = vscode.extensions.getExtension<GatescopeApi>('gatescope.gatescope');
  if (!extension) throw new Error('Gatescope is not installed');
  const gatescope = await extension.activate();
  return {
    gatescope,
    async peak(model, layer, signal) {
      const { signals } = await gatescope.run(model);
      const found = signals.find((one) => one.layer === layer && one.signal === signal);
      if (!found) throw new Error(`there is no ${layer}.${signal}`);
      const { rows, units, values } = found;
      const means = Array.from({ length: rows }, (_, row) => {
        const own = values.subarray(row * units, (row + 1) * units);
        return own.reduce((sum, value) => sum + value, 0) / units;
      });
      return means.indexOf(Math.max(...means));
    },
  };
}

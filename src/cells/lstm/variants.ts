import { type Change, gateActivations } from '../../verify/cellChange';
import type { LstmLayer } from './layer';

export function lstmChanges(layer: LstmLayer): Change[] {
  const current = layer.forgetBias ?? 0;
  const forgetBias = (change: 'added' | 'left-out' | 'taken', by: number, bias: number): Change => ({
    remedy: { cause: 'forget-bias', change, by },
    layer: { forgetBias: bias },
  });
  const keeps = layer.keeps === 'output' ? 'cell' : 'output';
  return [
    current === 0 ? forgetBias('added', 1, 1) : forgetBias('left-out', current, 0),
    { ...forgetBias('taken', 1, current - 1), rare: true },
    ...(layer.projSize > 0
      ? []
      : [{ remedy: { cause: 'forget-gate', keeps }, layer: { keeps }, rare: true } as const]),
    ...gateActivations(layer),
  ];
}

import { type Change, gateActivations } from '../../verify/cellChange';
import type { LstmLayer } from './layer';

export function lstmChanges(layer: LstmLayer): Change[] {
  const current = layer.forgetBias ?? 0;
  const forgetBias = (bias: number, text: string): Change => ({
    cause: 'forget-bias',
    text,
    layer: { forgetBias: bias },
  });
  const keeps = layer.keeps === 'output' ? 'cell' : 'output';
  return [
    current === 0
      ? forgetBias(1, 'with 1 added to the forget gate')
      : forgetBias(0, `without the ${current} that is added to the forget gate`),
    { ...forgetBias(current - 1, 'with 1 taken from the forget gate'), rare: true },
    ...(layer.projSize > 0
      ? []
      : [
          {
            cause: 'forget-gate',
            text: `with a forget gate that multiplies the ${keeps === 'cell' ? 'cell state' : "previous output, as brain.js's does"}`,
            layer: { keeps },
            rare: true,
          } as const,
        ]),
    ...gateActivations(layer),
  ];
}

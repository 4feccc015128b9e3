import type { Activation } from '../network';
import { float } from './text';

/** An activation applied to an expression. */
export function activated(activation: Activation, value: string): string {
  if (typeof activation === 'object') {
    const alpha = float(activation.alpha);
    switch (activation.kind) {
      case 'hard_sigmoid':
        return `torch.clamp(${alpha} * (${value}) + ${float(activation.beta)}, 0.0, 1.0)`;
      case 'elu':
        return `F.elu(${value}, ${alpha})`;
      case 'leaky_relu':
        return `F.leaky_relu(${value}, ${alpha})`;
    }
  }
  switch (activation) {
    case 'none':
      return /^[\w.[\]":]+$|^F\.\w+\([^()]*\)$/.test(value) ? value : `(${value})`;
    case 'hard_tanh':
      return `F.hardtanh(${value})`;
    case 'softsign':
    case 'softplus':
    case 'selu':
      return `F.${activation}(${value})`;
    case 'softmax':
    case 'log_softmax':
      return `torch.${activation}(${value}, dim=-1)`;
    default:
      return `torch.${activation}(${value})`;
  }
}

/** Expressions in words, for messages about steps that are no cell. */
import { say } from '../../../../words/say';
import type { Draft, Piece } from '../draft';
import { nameOf } from '../node';
import { Unsupported } from '../unsupported';
import type { Coefficient, Expression, Expressions, Factor } from './expression';

const MAX_DEPTH = 3;
const MAX_LENGTH = 160;

/** What some units are computed as, `σ(W x + U h + b) ∘ h`: matrices are W of the input, and U of a state. */
export function inWords(expressions: Expressions, pieces: readonly Piece[]): string {
  try {
    const words = new Words(expressions).sum(expressions.of(pieces), 0);
    return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH - 1)}…` : words;
  } catch (error) {
    if (error instanceof Unsupported)
      return say`what the layer ${JSON.stringify(pieces[0].draft.wanted)} gives`;
    throw error;
  }
}

class Words {
  constructor(private readonly expressions: Expressions) {}

  sum(sum: Expression, depth: number): string {
    if (depth > MAX_DEPTH) return '…';
    const terms = [...sum.values()].map(({ factors, coefficients }) => {
      const words = factors.map((factor) => this.factor(factor, depth)).join(' ∘ ');
      const by = coefficients.map((one) => inNumbers(one, factors.length === 0)).join(' + ');
      if (factors.length === 0) return by;
      if (by === '1') return words;
      return by === '-1' ? `−${words}` : `${by} ∘ ${words}`;
    });
    return terms.join(' + ') || '0';
  }

  private factor(factor: Factor, depth: number): string {
    switch (factor.is) {
      case 'units':
        return factor.pieces.length === 1
          ? this.layer(factor.pieces[0].draft, depth)
          : say`several layers side by side`;
      case 'product': {
        const { pieces } = factor;
        if (!this.expressions.readsState(pieces)) return 'W x';
        const inside = this.sum(this.expressions.of(pieces), depth + 1);
        return /[ +∘]/.test(inside) ? `U (${inside})` : `U ${inside}`;
      }
      case 'activated': {
        const { activation } = factor;
        const name = typeof activation === 'string' ? activation : activation.kind;
        return `${name}(${this.sum(factor.of, depth + 1)})`;
      }
    }
  }

  /** A state by its name, a layer by what it does. */
  private layer({ state, own, wanted, inputs }: Draft, depth: number): string {
    if (state !== undefined) return nameOf(state);
    if (!own) return 'x';
    if (own.type !== 'elementwise') return `${own.type} ${JSON.stringify(wanted)}`;
    return `${own.function}(${this.sum(this.expressions.of(inputs[0].pieces), depth + 1)})`;
  }
}

function inNumbers({ scalar, vectors }: Coefficient, alone: boolean): string {
  if (vectors.length === 0) return String(scalar);
  const name = alone ? 'b' : 'v';
  return scalar === 1 ? name : `${scalar} ${name}`;
}

/** Layer normalisation inside a cell: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization" (2016), eq. 20 to 22. */
import type { Affine } from '../cell';

/** Normalises rows of numbers that `at` gives, one row at a time. */
export class Normaliser {
  private mean = 0;
  private inverse = 0;

  constructor(
    private readonly size: number,
    private readonly epsilon: number,
    private readonly affine: Affine,
    private readonly at: (k: number) => number,
  ) {}

  /** Takes in the row that stands there now. */
  measure(): void {
    let sum = 0;
    for (let k = 0; k < this.size; k++) sum += this.at(k);
    this.mean = sum / this.size;
    let squares = 0;
    for (let k = 0; k < this.size; k++) squares += (this.at(k) - this.mean) ** 2;
    this.inverse = 1 / Math.sqrt(squares / this.size + this.epsilon);
  }

  /** Number k of the row, normalised. */
  value(k: number): number {
    return this.affine.weight[k] * (this.at(k) - this.mean) * this.inverse + this.affine.bias[k];
  }
}

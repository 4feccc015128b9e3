import { say } from '../../../words/say';
import { limitInWords, type Limits } from '../../limits';
import { TensorFileError } from '../bytes';

/** What one value takes beside its contents, and what a reference to it takes, in bytes, about. */
export const OBJECT_BYTES = 64;
export const SLOT_BYTES = 16;

/**
 * What a pickle may take in all, counted before it is taken and never given back: a few bytes can ask for a copy of all that
 * came before them.
 */
export class Budget {
  private left: number;

  constructor(private readonly limits: Limits) {
    this.left = limits.memory;
  }

  /** Throws `TensorFileError` if so many bytes are too many. */
  take(bytes: number): void {
    this.left -= bytes;
    if (this.left >= 0) return;
    throw new TensorFileError(
      say`what the pickle holds would take more memory than the limit of ${limitInWords(this.limits)}`,
    );
  }
}

/** Memory for the signals of one stretch of a run, taken again for the next: making it anew takes longer than filling it. */
export class Room {
  private readonly taken: Float32Array[] = [];
  private next = 0;

  /** What has been taken is of no more use. */
  clear(): void {
    this.next = 0;
  }

  /** So many zeros. */
  take(length: number): Float32Array {
    const found = this.taken[this.next];
    const values = found?.length === length ? found.fill(0) : new Float32Array(length);
    this.taken[this.next++] = values;
    return values;
  }
}

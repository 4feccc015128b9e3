/** The files that people chose for a model. The page may bring one of them back; it is not trusted to name any other. */

/** Where they are kept between one window and the next. */
export interface Keeper {
  get(): readonly string[];
  put(uris: readonly string[]): void;
}

/** The one chosen longest ago gives way. */
const MOST = 32;

export class ChosenFiles {
  constructor(private readonly keeper: Keeper) {}

  has(uri: string): boolean {
    return this.keeper.get().includes(uri);
  }

  add(uri: string): void {
    const others = this.keeper.get().filter((one) => one !== uri);
    this.keeper.put([uri, ...others].slice(0, MOST));
  }
}

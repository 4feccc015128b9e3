/** What a file is written from, one piece after the other; texts as UTF-8. */
export type Pieces = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

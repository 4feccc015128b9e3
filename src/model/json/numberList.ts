import type { JsonNode } from './node';

/** How many elements a list has, without making nodes of them. */
export function listLength(list: JsonNode): number {
  return list instanceof NumberList ? list.numbers.length : (list.children?.length ?? 0);
}

/** A number, what stands around it, and the sign behind it. */
const ITEM = /[ \t\r\n]*(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)[ \t\r\n]*([,\]])/y;

/** Room for the numbers of a short list, which is read without a pause. */
const SHORT = new Float64Array(64);

/**
 * A list that holds nothing but numbers, as a node of a syntax tree: the numbers stand in one array, and a node for
 * each is made only where somebody asks for them.
 */
export class NumberList implements JsonNode {
  readonly type = 'array';
  private nodes?: JsonNode[];

  private constructor(
    private readonly text: string,
    readonly offset: number,
    readonly length: number,
    readonly numbers: Float64Array,
    readonly parent: JsonNode | undefined,
  ) {}

  /**
   * The list whose bracket opens at `offset`; undefined if there is anything else in it, or nothing. `pause` is called
   * every few thousand numbers.
   */
  static async read(
    text: string,
    offset: number,
    parent: JsonNode | undefined,
    pause: () => Promise<void>,
  ): Promise<NumberList | undefined> {
    let numbers: Float64Array = SHORT;
    let count = 0;
    let at = offset + 1;
    for (;;) {
      ITEM.lastIndex = at;
      const item = ITEM.exec(text);
      if (!item) return undefined;
      at += item[0].length;
      if (count === numbers.length) numbers = grown(numbers);
      numbers[count++] = Number(item[1]);
      if (item[2] === ']') return new NumberList(text, offset, at - offset, numbers.slice(0, count), parent);
      if (count % 8192 === 0) await pause();
    }
  }

  /** Whether all of them are finite as float32. */
  fitsFloat32(): boolean {
    for (let k = 0; k < this.numbers.length; k++) {
      if (!Number.isFinite(Math.fround(this.numbers[k]))) return false;
    }
    return true;
  }

  get children(): JsonNode[] {
    return (this.nodes ??= this.makeNodes());
  }

  private makeNodes(): JsonNode[] {
    let at = this.offset + 1;
    return Array.from(this.numbers, (value): JsonNode => {
      ITEM.lastIndex = at;
      const item = ITEM.exec(this.text)!;
      const offset = at + item[0].indexOf(item[1]);
      at += item[0].length;
      return { type: 'number', value, offset, length: item[1].length, parent: this };
    });
  }
}

function grown(numbers: Float64Array): Float64Array {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

/**
 * Questions to the host. Each asker has at most one question of a kind that stands, or one in each place beside it; the newest wins. Answers are kept,
 * so that what was seen before shows at once.
 */
import type { Requests } from '../src/protocol';

export type RequestKind = keyof Requests;

/** The questions of one asker; null withdraws one. */
export type Asks = { readonly [K in RequestKind]?: Requests[K]['ask'] | null };

/** What is known of the question of a kind that an asker asks. */
export interface Answer<K extends RequestKind> {
  /** The answer to the very question that stands; null while it is on its way, or where none stands. */
  readonly value: Requests[K]['answer'] | null;
  /** The last answer that arrived, perhaps to a question before. */
  readonly latest: Requests[K]['answer'] | null;
  /** Why the question that stands has no answer. */
  readonly failure: string | null;
}

interface Policy {
  /** Answers kept. */
  readonly kept: number;
  /** How long, in milliseconds, the answer to a question is waited for before a newer one is asked. */
  readonly patience: number;
  /** How long, in milliseconds, a question must stand before it is asked; 0 where that is left out. */
  readonly rest?: number;
}

/** Kinds that take the host long are asked one at a time, so that a playhead that is dragged is followed. */
const POLICIES: Readonly<Record<RequestKind, Policy>> = {
  values: { kept: 1024, patience: 0 },
  window: { kept: 1, patience: 0, rest: 100 },
  sizes: { kept: 1, patience: 0 },
  unit: { kept: 2, patience: 0 },
  rows: { kept: 16, patience: 150 },
  shades: { kept: 16, patience: 150 },
  order: { kept: 16, patience: 150 },
  why: { kept: 64, patience: 60 },
  output: { kept: 256, patience: 0 },
  next: { kept: 2, patience: 0 },
  forecast: { kept: 8, patience: 0 },
  memory: { kept: 6, patience: 400 },
  matrix: { kept: 4, patience: 400 },
  attribution: { kept: 8, patience: 400 },
  differences: { kept: 2, patience: 150 },
  matches: { kept: 2, patience: 400 },
};

type Send = <K extends RequestKind>(kind: K, ask: Requests[K]['ask']) => Promise<Requests[K]['answer']>;

const NOTHING = { value: null, latest: null, failure: null };

interface Kept {
  readonly trace: number;
  readonly value: unknown;
}

/** One asker's question of one kind. */
interface Slot<K extends RequestKind> {
  standing: { readonly key: string; readonly ask: Requests[K]['ask'] } | null;
  /** The one that the host was asked last and has not answered. */
  pending: string | null;
  patience: ReturnType<typeof setTimeout> | undefined;
  answer: Answer<K>;
}

export class Questions {
  private readonly slots = new Map<string, Slot<RequestKind>>();
  private readonly kept = new Map<RequestKind, Map<string, Kept>>();
  private readonly asked = new Map<string, Promise<unknown>>();
  /** Grows when all is forgotten: what was asked before that is not heard any more. */
  private age = 0;

  /** `changed` is called with the asker when an answer or a failure has arrived. */
  constructor(
    private readonly send: Send,
    private readonly changed: (asker: string) => void,
  ) {}

  /** The questions that an asker has from now on, in a place of their own. */
  put(asker: string, asks: Asks, place = 0): void {
    for (const kind of Object.keys(asks) as RequestKind[]) {
      this.putOne(asker, this.slot(asker, kind, place), kind, asks[kind] ?? null);
    }
  }

  /** The same object until something changes. */
  answer<K extends RequestKind>(asker: string, kind: K, place = 0): Answer<K> {
    return (this.slots.get(slotKey(asker, kind, place)) as Slot<K> | undefined)?.answer ?? NOTHING;
  }

  /** Asks so that the answer is here when the question stands. */
  prefetch<K extends RequestKind>(kind: K, ask: Requests[K]['ask']): void {
    this.fetch(kind, ask).catch(() => {});
  }

  /** Drops every answer and question: they were about something that is gone. */
  forget(): void {
    this.age++;
    for (const { patience } of this.slots.values()) clearTimeout(patience);
    this.slots.clear();
    this.kept.clear();
    this.asked.clear();
  }

  /** Drops the kept answers about traces other than this one. What is on screen stays until newer arrives. */
  keepOnly(trace: number): void {
    for (const answers of this.kept.values()) {
      for (const [key, answer] of answers) if (answer.trace !== trace) answers.delete(key);
    }
  }

  private putOne<K extends RequestKind>(
    asker: string,
    slot: Slot<K>,
    kind: K,
    ask: Requests[K]['ask'] | null,
  ): void {
    const key = ask && questionKey(kind, ask);
    if (key === (slot.standing?.key ?? null)) return;
    slot.standing = ask && { key: key!, ask };
    slot.answer = { ...slot.answer, value: null, failure: null };
    if (!ask) return;
    const known = this.known<K>(kind, key!);
    const { patience, rest = 0 } = POLICIES[kind];
    if (rest > 0) clearTimeout(slot.patience);
    if (known) slot.answer = { value: known, latest: known, failure: null };
    else if (rest > 0) slot.patience = setTimeout(() => this.ask(asker, kind, slot), rest);
    else if (slot.pending === null || patience === 0) this.ask(asker, kind, slot);
    else slot.patience ??= setTimeout(() => this.ask(asker, kind, slot), patience);
  }

  /** Asks what stands. A question that is not answered yet gives way: the host drops it. */
  private ask<K extends RequestKind>(asker: string, kind: K, slot: Slot<K>): void {
    clearTimeout(slot.patience);
    slot.patience = undefined;
    slot.pending = null;
    if (!slot.standing) return;
    const { key, ask } = slot.standing;
    const { age } = this;
    const settle = (settled: (answer: Answer<K>) => Answer<K>) => {
      if (age !== this.age) return;
      slot.answer = settled(slot.answer);
      if (slot.pending === key) {
        slot.pending = null;
        if (slot.standing?.key !== key && !POLICIES[kind].rest) this.ask(asker, kind, slot);
      }
      this.changed(asker);
    };
    const stands = () => slot.standing?.key === key;
    slot.pending = key;
    this.fetch(kind, ask, key).then(
      (value) =>
        settle((answer) => {
          if (stands()) return { value, latest: value, failure: null };
          return answer.value === null ? { ...answer, latest: value } : answer;
        }),
      // Questions that another has followed fail, too.
      (error: Error) => settle((answer) => (stands() ? { ...answer, failure: error.message } : answer)),
    );
  }

  /** The answer, asked for once. Rejects as the host does. */
  private fetch<K extends RequestKind>(
    kind: K,
    ask: Requests[K]['ask'],
    key = questionKey(kind, ask),
  ): Promise<Requests[K]['answer']> {
    const known = this.known(kind, key);
    if (known) return Promise.resolve(known);
    const before = this.asked.get(key) as Promise<Requests[K]['answer']> | undefined;
    if (before) return before;
    const { age } = this;
    const answer = this.send(kind, ask).finally(() => {
      if (this.asked.get(key) === answer) this.asked.delete(key);
    });
    answer
      .then((value) => {
        if (age !== this.age) return;
        this.keep(kind, key, { trace: ask.trace, value });
        if (kind === 'window') this.learn(ask.trace, value as Requests['window']['answer']);
      })
      .catch(() => {});
    this.asked.set(key, answer);
    return answer;
  }

  /** What came in ahead is there when it is asked for. */
  private learn(trace: number, found: Requests['window']['answer']): void {
    for (const { address, values } of found) {
      this.keep('values', questionKey('values', { trace, address }), { trace, value: values });
    }
  }

  private known<K extends RequestKind>(kind: K, key: string): Requests[K]['answer'] | undefined {
    return this.kept.get(kind)?.get(key)?.value as Requests[K]['answer'] | undefined;
  }

  /** What was kept longest gives way. */
  private keep(kind: RequestKind, key: string, answer: Kept): void {
    let answers = this.kept.get(kind);
    if (!answers) this.kept.set(kind, (answers = new Map()));
    answers.set(key, answer);
    if (answers.size > POLICIES[kind].kept) answers.delete(answers.keys().next().value!);
  }

  private slot<K extends RequestKind>(asker: string, kind: K, place: number): Slot<K> {
    const key = slotKey(asker, kind, place);
    let slot = this.slots.get(key) as Slot<K> | undefined;
    if (!slot) {
      slot = { standing: null, pending: null, patience: undefined, answer: NOTHING };
      this.slots.set(key, slot as unknown as Slot<RequestKind>);
    }
    return slot;
  }
}

function slotKey(asker: string, kind: RequestKind, place: number): string {
  return `${kind} ${place} ${asker}`;
}

/** The same for questions that are the same, whatever the order of their fields. */
function questionKey(kind: RequestKind, ask: object): string {
  return JSON.stringify([kind, ask], (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The search of a panel: the newest, and what it goes through beside the run. */
import type { Matches, MatchesQuestion, SearchSources } from '../protocol';
import type { Translate } from '../words/translate';
import type { Runs } from './runs';
import type { ChosenSequence } from './scene';
import type { Origin, Search, SearchGround } from './search';
import type { LabelColumn } from './labels';
import { words } from './words';

export class Searches {
  private newest?: { readonly key: string; readonly search: Search };
  /** What the search is about, kept beyond its run. */
  private origin?: Origin & { readonly trace: number };
  private file?: ChosenSequence;
  private labels?: LabelColumn;
  private failure: string | null = null;
  private version = 0;

  /** `ground` is what can be run; undefined where nothing can. */
  constructor(
    private readonly runs: Runs,
    private readonly translate: Translate,
    private readonly ground: () => Omit<SearchGround, 'file' | 'labels' | 'translate'> | undefined,
  ) {}

  /** Rejects where the run is gone and was not searched before, and as `Search` does. */
  async answer(
    { part, ...question }: MatchesQuestion & { part: number },
    cancel: AbortSignal,
  ): Promise<Matches> {
    const origin = this.originOf(question.trace);
    const ground = this.ground();
    if (!origin || !ground) throw new Error(this.translate(words.runGone));
    const { Search } = await import('./search');
    const key = JSON.stringify(question);
    if (this.newest?.key !== key) {
      const { file, labels, translate } = this;
      this.newest = { key, search: new Search(question, { ...ground, file, labels, translate }, origin) };
    }
    return this.newest.search.part(part, cancel);
  }

  get sources(): SearchSources {
    const { version, file, labels, failure } = this;
    return {
      ...{ version, failure },
      file: file?.title ?? null,
      labels: labels ? { file: labels.file, column: labels.column, rows: labels.values.length } : null,
    };
  }

  /** Takes the place of what was searched before. */
  searchIn(file: ChosenSequence | undefined): void {
    this.file = file;
    this.changed();
  }

  label(labels: LabelColumn | undefined): void {
    this.labels = labels;
    this.changed();
  }

  /** Says why what was chosen cannot be used. */
  fail(reason: string): void {
    this.failure = reason;
  }

  /** Another model: what was read for the one before is no more. */
  forget(): void {
    this.newest = this.origin = this.file = undefined;
    this.changed();
  }

  /** A sequence that matches are in. */
  sequence(what: 'file' | 'origin'): ChosenSequence | undefined {
    return what === 'file' ? this.file : this.origin?.choice;
  }

  private changed(): void {
    this.version++;
    this.failure = null;
  }

  private originOf(trace: number): Origin | undefined {
    const run = this.runs.get(trace);
    if (run) {
      const { choice, clamps, finished } = run;
      this.origin = { trace, choice, ...(clamps && { clamps }) };
      return { ...this.origin, finished };
    }
    return this.origin?.trace === trace ? this.origin : undefined;
  }
}

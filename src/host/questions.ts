/** Answers what the panel asks about runs, whichever of them it names. */
import type { RequestMessage, ReplyMessage, Requests } from '../protocol';
import type { Runs } from './runs';
import type { Searches } from './searches';
import type { Translate } from '../words/translate';
import { words } from './words';

type Answer = Requests[keyof Requests]['answer'];

/** The search outlives the run that it is about: matches lead to other runs. */
const SEARCH = 'matches';

export class Questions {
  /** The newest question of each kind whose answer takes long: another one of the same run and kind ends it. */
  private readonly long = new Map<string, AbortController>();

  constructor(
    private readonly runs: Runs,
    private readonly translate: Translate,
    private readonly searches: Searches,
  ) {}

  /** Never rejects: a question that has no answer gets the reason. */
  async answer(request: RequestMessage): Promise<ReplyMessage> {
    const { id } = request;
    try {
      return { type: 'reply', id, result: { ok: await this.answerTo(request) } };
    } catch (error) {
      return { type: 'reply', id, result: { err: error instanceof Error ? error.message : String(error) } };
    }
  }

  /** Ends what is still being worked out about runs that give way to another. */
  cancel(): void {
    for (const [question, work] of this.long) if (question !== SEARCH) work.abort();
    const search = this.long.get(SEARCH);
    this.long.clear();
    if (search) this.long.set(SEARCH, search);
  }

  /** Ends all that is still being worked out. */
  close(): void {
    for (const work of this.long.values()) work.abort();
  }

  private async answerTo({ kind, ask }: RequestMessage): Promise<Answer> {
    if (kind === 'matches') return this.searches.answer(ask, this.newest(SEARCH));
    const run = this.runs.get(ask.trace)?.finished;
    if (!run) throw new Error(this.translate(words.runGone));
    switch (kind) {
      case 'sizes':
        return run.summary.rms;
      case 'unit':
        return run.unit(ask.unit, ask.stretch);
      case 'values':
        return run.values(ask.address);
      case 'window':
        return run.window(ask.from, ask.to);
      case 'rows':
        return run.rows(ask);
      case 'shades':
        return run.shades(ask);
      case 'why':
        return run.why(ask);
      case 'output':
        return run.output(ask.step);
      case 'next':
        return run.next();
      case 'forecast':
        return run.forecast(ask.unit, ask.against);
      case 'differences': {
        const other = this.runs.get(ask.against)?.finished;
        if (!other) throw new Error(this.translate(words.runGone));
        return run.differencesFrom(other, this.newest(`differences ${ask.trace}`));
      }
      case 'order':
        return run.order(ask.signal, ask.by, this.newest(`order ${ask.trace}`));
      case 'memory':
        return {
          ...(await run.memory(ask, this.newest(`memory ${ask.trace}`))),
          trace: ask.trace,
        };
      case 'matrix':
        return {
          ...(await run.matrix(ask, this.newest(`matrix ${ask.trace}`))),
          trace: ask.trace,
        };
      case 'attribution': {
        const { trace, part, ...choice } = ask;
        const found = await run.attribution(choice, part, this.newest(`attribution ${trace}`));
        return { ...found, trace, part, choice };
      }
    }
  }

  private newest(question: string): AbortSignal {
    this.long.get(question)?.abort();
    const work = new AbortController();
    this.long.set(question, work);
    return work.signal;
  }
}

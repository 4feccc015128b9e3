import { say } from '../words/say';
import type { Fix } from './fix';
import { Places } from './json/places';
import type { JsonNode } from './json/node';
import { START_OF_FILE, type Place, type Problem, type ProblemSubject, type Severity } from './problem';

/** Where a problem is: a value in the text, or a stretch of it. */
export type At = JsonNode | Place;

/** Enough to see what is wrong; a file of another kind could give millions. */
const MAX_PROBLEMS = 200;

interface Shared {
  /** Absent if the text is inside of another file. */
  readonly places?: Places;
  readonly problems: Problem[];
  /** Subjects that have an error, reported or dropped. */
  readonly failed: Set<ProblemSubject>;
  /** Whether a JSON schema for this text is shipped. */
  readonly schema: boolean;
}

/** Collects the problems of one text. */
export class Report {
  private constructor(
    private readonly shared: Shared,
    private readonly subject: ProblemSubject,
  ) {}

  static of(text: string, options: { readonly schema: boolean; readonly about: ProblemSubject }): Report {
    const { schema, about } = options;
    return new Report({ places: new Places(text), problems: [], failed: new Set(), schema }, about);
  }

  /** For a text inside of a file of another kind: every place is that file's start. */
  static within(options: { readonly about: ProblemSubject }): Report {
    return new Report({ problems: [], failed: new Set(), schema: false }, options.about);
  }

  /** The same collection, for problems about another part of the model. */
  about(subject: ProblemSubject): Report {
    return new Report(this.shared, subject);
  }

  get problems(): readonly Problem[] {
    return this.shared.problems;
  }

  /** Whether the part of the model that this report is about has an error. */
  get failed(): boolean {
    return this.shared.failed.has(this.subject);
  }

  placeOf(offset: number, length: number): Place {
    return this.shared.places?.at(offset, length) ?? START_OF_FILE;
  }

  warning(at: At, code: string, message: string, fixes: readonly Fix[] = []): void {
    this.add('warning', at, code, message, fixes);
  }

  error(at: At, code: string, message: string, fixes: readonly Fix[] = []): void {
    this.add('error', at, code, message, fixes);
  }

  /** An error that the text's JSON schema marks too, where one is shipped. */
  schemaError(at: At, code: string, message: string, fixes: readonly Fix[] = []): void {
    this.add('error', at, code, message, fixes, this.shared.schema);
  }

  private add(
    severity: Severity,
    at: At,
    code: string,
    message: string,
    fixes: readonly Fix[],
    markedBySchema = false,
  ): void {
    const { problems, failed } = this.shared;
    if (severity === 'error') failed.add(this.subject);
    const place = 'line' in at ? at : this.placeOfNode(at);
    const problem: Problem = {
      ...{ severity, code, message, place, about: this.subject },
      ...(markedBySchema && { markedBySchema }),
      ...(this.shared.places && fixes.length > 0 && { fixes }),
    };
    if (problems.length < MAX_PROBLEMS) {
      problems.push(problem);
    } else if (problems.length === MAX_PROBLEMS) {
      problems.push({
        severity: 'error',
        code: 'too-many-problems',
        message: say`more than ${MAX_PROBLEMS} problems; the rest is not listed`,
        place: START_OF_FILE,
        about: this.subject,
      });
    }
  }

  /** Of an object or a list, only its opening bracket: a whole model underlined tells nothing. */
  private placeOfNode(node: JsonNode): Place {
    const container = node.type === 'object' || node.type === 'array';
    return this.placeOf(node.offset, container ? 1 : node.length);
  }
}

import { unreadable, type Dialect, type Reading, type Source } from './dialects/dialect';
import { native } from './dialects/native/read';
import { parseJson, withoutByteOrderMark } from './json/parse';
import { Report } from './report';

const DIALECTS: readonly Dialect[] = [native];

/** What each dialect is known by, for files that are none of them. */
const SIGNS = ['"format": "rnn-model" (native)'];

/**
 * Reads a model of any dialect, told by its content. Never throws for a fault in the input; rejects only if
 * `source.signal` is aborted.
 */
export async function readModel(source: Source): Promise<Reading> {
  const dialect = DIALECTS.find((candidate) => candidate.matches(source));
  return dialect ? dialect.read(source) : noModel(source);
}

function noModel({ text }: Source): Reading {
  const json = withoutByteOrderMark(text);
  const report = Report.of(json, { schema: false, about: 'structure' });
  const root = parseJson(json, report, 'jsonc');
  if (root) {
    const message = `this JSON is no recurrent network that is known here; looked for ${SIGNS.join(', ')}`;
    report.error(report.placeOf(root.offset, 1), 'unknown-dialect', message);
  }
  return unreadable(report.problems);
}

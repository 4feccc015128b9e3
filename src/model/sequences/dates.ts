/** The column of a table that holds dates. */

/** Longer series are named by their steps alone: a date for each would take more room than the numbers. */
const MOST_DATES = 100_000;

const MONTH =
  '(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\\.?';
const CLOCK = '([ t]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[ap]m)?(z|[+-]\\d{2}:?\\d{2})?)?';
const DATE = new RegExp(
  `^(${[
    String.raw`\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?`,
    String.raw`\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}`,
    String.raw`${MONTH} (\d{1,2},? )?\d{4}`,
    String.raw`(\d{1,2}[ -])?${MONTH}[ -]\d{2,4}`,
  ].join('|')})${CLOCK}$`,
  'i',
);

interface Row {
  readonly fields: readonly string[];
}

/** What stands in the first of the columns that holds a date in every row; undefined where none does. */
export function datesIn(columns: readonly number[], rows: readonly Row[]): readonly string[] | undefined {
  if (rows.length === 0 || rows.length > MOST_DATES) return undefined;
  const dated = columns.find((column) => rows.every(({ fields }) => isDate(fields[column] ?? '')));
  return dated === undefined ? undefined : rows.map(({ fields }) => fields[dated].trim());
}

function isDate(field: string): boolean {
  const text = field.trim();
  // "2004.5" is a number first.
  return DATE.test(text) && !/^\d+\.\d+$/.test(text);
}

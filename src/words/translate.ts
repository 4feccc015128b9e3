/** A sentence in the user's language: `{0}`, `{1}`, … stand for the values, which are put in. */
export type Translate = (sentence: string, ...values: readonly (string | number)[]) => string;

/** Puts values in place of `{0}`, `{1}`, …. */
export const fill: Translate = (sentence, ...values) =>
  sentence.replace(/\{(\d+)\}/g, (_, k) => String(values[Number(k)]));

/** English, as the sentences are written. */
export const inEnglish = fill;

/** Two significant digits. */
export function short(value: number): string {
  return figure(value, 2);
}

export function figure(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** What is to be said of an attribution beside its numbers. */
import { type Attribution, type InputAttribution, missesMuch } from './attribute';

export type AttributionFinding =
  /** The target is not finite: nothing can be said to bring it. */
  | { readonly code: 'no-target' }
  | { readonly code: 'target-masked'; readonly step: number }
  /** Steps of an input that bring nothing since they are masked. */
  | { readonly code: 'masked'; readonly layer: string; readonly steps: readonly number[] }
  /** So many steps of an input whose gradient is not a number, and the first of them. */
  | { readonly code: 'not-finite'; readonly layer: string; readonly count: number; readonly first: number }
  | { readonly code: 'unreached' }
  /** What is missing of the sum, as a share of the difference. */
  | { readonly code: 'incomplete'; readonly share: number; readonly points: number }
  /** The gradient of a place that is far from the baseline. */
  | { readonly code: 'first-order'; readonly share: number };

/** What a gradient by itself may miss of the difference before that is said. */
const FAR = 0.1;

export function findingsOf(attribution: Attribution): AttributionFinding[] {
  const { target, targetMasked, inputs, method, points, completeness } = attribution;
  if (!Number.isFinite(target.value)) return [{ code: 'no-target' }];
  const findings: AttributionFinding[] = [];
  if (targetMasked) findings.push({ code: 'target-masked', step: target.step });
  for (const { layer, masked } of inputs) {
    if (masked.length > 0) findings.push({ code: 'masked', layer, steps: masked });
  }
  const strange = inputs.flatMap(notFinite);
  findings.push(...strange);
  if (strange.length > 0) return findings;
  if (inputs.every(({ values }) => values.every((value) => value === 0))) {
    return [...findings, { code: 'unreached' }];
  }
  const share = completeness.error / Math.abs(completeness.difference);
  if (method === 'gradient') {
    if (share > FAR) findings.push({ code: 'first-order', share });
  } else if (missesMuch(completeness, target.value)) {
    findings.push({ code: 'incomplete', share, points: points! });
  }
  return findings;
}

function notFinite({ layer, from, rows, features, values }: InputAttribution): AttributionFinding[] {
  const steps = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !values.subarray(row * features, (row + 1) * features).every(Number.isFinite),
  );
  return steps.length > 0 ? [{ code: 'not-finite', layer, count: steps.length, first: from + steps[0] }] : [];
}

import { common, fill } from './words';

/** `step 7, token e`; a blank token is spoken as the word. */
export function announcement(step: number, token: string | null): string {
  if (token === null) return fill(common.stepAnnounced, step);
  return fill(common.stepAndToken, step, token === ' ' ? common.space : token);
}

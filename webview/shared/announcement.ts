import { common, fill } from './words';

/** Step 6 as `step 7, token e`, counted as people do; a blank token is spoken as the word. */
export function announcement(step: number, token: string | null): string {
  if (token === null) return fill(common.stepAnnounced, step + 1);
  return fill(common.stepAndToken, step + 1, token === ' ' ? common.space : token);
}

/** The text under what was predicted of it. */
import type { TokenInput } from '../../../src/model/network';
import type { Context, Moment } from '../../feature';
import { quoted } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, percent } from '../../../src/picture/format';
import { meanInWords, sharesOf } from '../../../src/picture/output/next';
import { meanNats } from '../../../src/picture/output/rank';
import type { Chosen, Own } from './state';
import { notesOf } from '../../../src/picture/output/lines';
import { tokensSheet } from '../../../src/picture/output/svg';
import { createTimeline } from './timeline';
import { middleOfToken, paintTokens, tokenAt, type TokenPicture } from '../../../src/picture/output/tokens';
import type { TimePane } from './pane';
import { words } from './words';

export function createTokensPane({ now, dispatch, scale }: Context<Own, Chosen>): TimePane {
  const current = h('div', { class: 'output-sentence', 'data-next': true });
  const mean = h('div', { class: 'output-sentence dim' });
  let hovered: number | null = null;
  const line = createTimeline<TokenPicture>({
    paint: paintTokens,
    onPoint(x, clicked) {
      const count = now().state.sequence?.steps ?? 0;
      hovered = x === null || count === 0 ? null : tokenAt(x, count, line.width);
      if (clicked && hovered !== null) dispatch({ type: 'goTo', step: hovered });
      say(now());
    },
    onSize: () => place(now()),
  });
  const element = h(
    'div',
    { class: 'output-time' },
    h('div', { class: 'output-caption dim' }, words.nextTitle),
    line.element,
    current,
    mean,
  );
  line.element.setAttribute('role', 'img');
  line.element.setAttribute('aria-label', words.nextTitle);
  let picture: TokenPicture | null = null;
  let shown: Float32Array | null = null;

  function place({ state: { step, sequence } }: Moment<Own>): void {
    const count = sequence?.steps ?? 0;
    line.place(picture && count > 0 ? middleOfToken(step, count, line.width) : null);
  }

  /** Of the token under the pointer, else of the one that follows the playhead. */
  function say({ state }: Moment<Own>): void {
    if (!picture) return;
    const { tokens, shares } = picture;
    const to = hovered ?? state.step + 1;
    const share = shares[to] ?? NaN;
    setAttribute(current, 'data-step', String(to - 1));
    setAttribute(current, 'data-value', String(share));
    if (to >= tokens.length) setText(current, words.nextLast);
    else if (to === 0) setText(current, fill(words.first, quoted(tokens[0])));
    else setText(current, fill(words.nextTop, quoted(tokens[to]), percent(share), formatCount(to + 1)));
  }

  return {
    element,
    drawn(title, theme) {
      const { drawn } = line;
      const around = { title: [title, words.nextTitle].join(' · '), notes: notesOf([mean.textContent]) };
      return drawn && tokensSheet(around, drawn.picture, drawn.size, theme);
    },
    render(moment, network) {
      const { state } = moment;
      const probabilities = moment.answer('next').value ?? moment.answer('next').latest;
      const inputs = state.sequence?.inputs;
      if (inputs?.kind !== 'token' || !probabilities || probabilities.length !== inputs.tokens.length) {
        picture = null;
        return false;
      }
      const colours = scale();
      if (shown !== probabilities || picture?.scale !== colours) {
        shown = probabilities;
        picture = { tokens: inputs.tokens, shares: sharesOf(probabilities), scale: colours };
        const nats = meanNats(probabilities);
        setText(mean, meanInWords(probabilities, (network.input as TokenInput).vocabulary.length) ?? '');
        setAttribute(element, 'data-nats', nats === null ? null : String(nats));
      }
      line.show(picture, state.theme);
      place(moment);
      say(moment);
      return true;
    },
  };
}

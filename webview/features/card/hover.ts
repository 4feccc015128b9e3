/** Turns the pointer and the keyboard over the signals of the stage into a card that opens, stays and closes. */
import type { StepAddress } from '../../../src/model/network';
import { COMPARED, SHOWN } from '../../shared/compared';
import { addressOf, findNode, signalNode } from '../../shared/nodes';
import { sameAddress } from '../../shared/signals';
import type { Card, CardAction } from './state';

/** The pointer must rest on a signal this long, so that crossing the picture opens nothing; with a frame it is not felt. */
const INTENT_MILLISECONDS = 4;
/** Time to get from the signal into its card. */
const GRACE_MILLISECONDS = 220;

interface Surroundings {
  /** Where the signals' nodes are. */
  readonly stage: HTMLElement;
  readonly card: HTMLElement;
  readonly change: (action: CardAction) => void;
  /** Asks for a signal's values before its card opens. */
  readonly prefetch: (address: StepAddress, compared: boolean) => void;
}

/** Whether a node is of the picture of the compared run. */
function isCompared(node: Element): boolean {
  return node.closest(COMPARED) !== null;
}

/** The node that a card speaks of, in its own picture. */
export function nodeOf(stage: Element, { address, compared }: Card): SVGGElement | null {
  const picture = stage.querySelector(compared ? COMPARED : SHOWN);
  return picture && findNode(picture, address);
}

export class Hover {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The node that the pointer is on. */
  private under: SVGElement | null = null;
  /** The node that the card speaks of. */
  private anchor: SVGElement | null = null;

  constructor(private readonly around: Surroundings) {
    const { stage, card, change } = around;
    stage.addEventListener('pointerover', (event) => this.pointAt(event));
    stage.addEventListener('pointerleave', (event) => this.pointAt(event));
    stage.addEventListener('click', ({ target }) => this.open(signalNode(target), true));
    stage.addEventListener('keydown', ({ key, target }) => {
      if (key === 'Enter') this.open(signalNode(target), true);
    });
    stage.addEventListener('focusin', ({ target }) => this.open(signalNode(target), false));
    stage.addEventListener('focusout', ({ target, relatedTarget }) => {
      if (signalNode(target) && !card.contains(relatedTarget as Node | null)) this.closeSoon();
    });
    card.addEventListener('pointerenter', () => clearTimeout(this.timer));
    card.addEventListener('pointerleave', () => this.closeSoon());
    document.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      clearTimeout(this.timer);
      if (card.contains(document.activeElement)) this.anchor?.focus();
      change({ type: 'closeCard' });
    });
  }

  /** After the picture changed: an unpinned card follows its node to the step that the node now shows. */
  follow(card: Card | null): void {
    if (!card || card.pinned) return;
    if (!this.anchor?.isConnected) this.anchor = nodeOf(this.around.stage, card);
    if (!this.anchor) this.around.change({ type: 'closeCard' });
    else if (!sameAddress(addressOf(this.anchor), card.address)) this.open(this.anchor, false);
  }

  private pointAt(event: PointerEvent): void {
    const node = event.type === 'pointerleave' || event.buttons !== 0 ? null : signalNode(event.target);
    if (node === this.under) return;
    this.under = node;
    clearTimeout(this.timer);
    if (!node) return this.closeSoon();
    this.around.prefetch(addressOf(node), isCompared(node));
    this.timer = setTimeout(() => this.open(node, false), INTENT_MILLISECONDS);
  }

  private open(node: SVGElement | null, pinned: boolean): void {
    if (!node?.isConnected) return;
    clearTimeout(this.timer);
    this.anchor = node;
    const compared = isCompared(node);
    this.around.change({ type: 'openCard', address: addressOf(node), pinned, compared });
  }

  /** Closes the card unless it is pinned, or the pointer or the focus comes back in time. */
  private closeSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.around.change({ type: 'leaveCard' }), GRACE_MILLISECONDS);
  }
}

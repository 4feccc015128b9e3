/** What VS Code's context menu is told of what lies under it: see "webview/context" in package.json. */
import { INPUT, type SignalAddress } from '../../../src/model/network';
import { addressText, type Changed } from '../../../src/whatIf/text';
import { addressIn } from '../../shared/changes';
import { COMPARED } from '../../shared/compared';
import { addressOf, signalNode } from '../../shared/nodes';
import { signalOf } from '../../shared/signals';
import type { State } from '../../shared/state';

/** Before VS Code reads it; also where the menu is opened by the keyboard. */
export function tellContext(stateOf: () => State): void {
  document.addEventListener(
    'contextmenu',
    ({ target }) => {
      const found = placeOf(target, stateOf());
      if (found) found.element.dataset.vscodeContext = JSON.stringify(contextOf(found.changed, stateOf()));
    },
    { capture: true },
  );
}

interface Place {
  readonly element: HTMLElement | SVGElement;
  readonly changed: Changed;
}

/** A signal in the picture, or a cell of the heat map. */
function placeOf(target: EventTarget | null, { selection, measure }: State): Place | null {
  const node = signalNode(target);
  if (node?.closest(COMPARED)) return null;
  if (node) {
    const address = addressOf(node);
    const { unit } = selection;
    const isChosen = measure === 'unit' && unit !== null && selection.signal?.layer === address.layer;
    return { element: node, changed: isChosen ? { ...address, unit } : address };
  }
  const section = target instanceof Element ? target.closest<HTMLElement>('[data-view="heatmap"]') : null;
  const cursor = section?.querySelector<HTMLElement>('[data-cursor]');
  if (!section || !cursor?.dataset.unit || !selection.signal) return null;
  const { unit, step } = cursor.dataset;
  return { element: section, changed: { ...selection.signal, unit: Number(unit), step: Number(step) } };
}

function contextOf(changed: Changed, state: State): object {
  const { layer, level, direction, signal, unit, step } = changed;
  const whole = addressText({ ...changed, step: undefined });
  const here = addressText(changed);
  const isHeld = state.changes.sets.some((set) => [whole, here].includes(addressIn(set)));
  return {
    ...{ preventDefaultContextMenuItems: true, webviewSection: sectionOf(changed, state) },
    ...{ gatescopeHeld: isHeld, layer, level, direction, signal, unit, step },
  };
}

function sectionOf(address: SignalAddress, { run, sequence }: State): string {
  if (address.layer === INPUT && sequence?.inputs.kind === 'token') return 'gatescope.token';
  const range = run ? signalOf(run, address)?.range : undefined;
  if (range === undefined) return 'gatescope.notRun';
  return range === 'gate'
    ? 'gatescope.gate'
    : /^[hc]$/.test(address.signal)
      ? 'gatescope.state'
      : 'gatescope.value';
}

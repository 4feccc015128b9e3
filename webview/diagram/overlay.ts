/**
 * Lays a window of a run over a picture. Reads no layout; writes only what changed since the last time, so that a frame
 * costs a few writes per node.
 */
import type { Activation, Network, SignalAddress } from '../../src/model/network';
import type { RunSummary, SignalSummary } from '../../src/protocol';
import { finalColumn } from '../../src/unroll/graph';
import { formatValue } from '../format';
import { fill, strings } from '../strings';
import type { Overlay } from './diagram';
import { outputNames, type Picture, type SignalNode, type StubNode } from './picture';
import type { ColorScale, Swatch } from './scale';
import { sizeToken, tokenText } from './text';

/** The last values written, by attribute name or `text`, so that nothing is written twice. */
type Written = Map<string, string | null>;

export class OverlayWriter {
  private readonly written = new Map<Element, Written>();
  private readonly summaries = new Map<SignalNode, SignalSummary>();
  private run: RunSummary | null = null;
  private readonly outputs: readonly string[] | null;
  private readonly shares: boolean;

  constructor(
    private readonly picture: Picture,
    network: Network,
    private readonly scale: ColorScale,
  ) {
    this.outputs = outputNames(network);
    this.shares = isShare(network);
  }

  write(overlay: Overlay): void {
    if (overlay.run !== this.run) this.indexRun(overlay.run);
    for (const signal of this.picture.signals) this.writeSignal(signal, overlay);
    for (const stub of this.picture.stubs)
      this.text(stub.text, reach(stub, overlay, this.picture.graph.columns));
    this.picture.steps.forEach((text, column) => {
      const step = overlay.start + column;
      this.text(text, overlay.steps === 0 || step < overlay.steps ? fill(strings.time, step) : '');
    });
    this.writePlayhead(overlay);
  }

  private indexRun(run: RunSummary | null): void {
    this.run = run;
    this.summaries.clear();
    const byAddress = new Map(run?.signals.map((summary) => [addressKey(summary), summary]));
    for (const signal of this.picture.signals) {
      const summary = byAddress.get(addressKey(signal.node.signal!));
      if (summary) this.summaries.set(signal, summary);
    }
  }

  private writeSignal(signal: SignalNode, overlay: Overlay): void {
    const final = signal.node.column === finalColumn(this.picture.graph);
    const step = final ? Math.max(0, overlay.steps - 1) : overlay.start + signal.node.column;
    this.attribute(signal.element, 'data-step', String(step));
    this.attribute(signal.element, 'aria-label', fill(strings.signalAtStep, signal.name, step));

    const summary = this.summaries.get(signal);
    const row =
      summary === undefined || step >= overlay.steps ? -1 : summary.rows === overlay.steps ? step : 0;
    const known = summary !== undefined && overlay.run !== null && row >= 0 && row < summary.rows;
    const index = known ? summary.offset + row : 0;
    const mean = known ? overlay.run!.mean[index] : null;
    this.attribute(signal.element, 'data-mean', mean === null ? null : String(mean));

    if (signal.face === 'token' || signal.face === 'features') {
      this.writeInput(signal, overlay, step);
      return;
    }
    const shown = mean === null ? null : overlay.unit ? overlay.unit[index] : mean;
    const size =
      mean === null ? 0 : overlay.unit || summary!.range === 'gate' ? shown! : overlay.run!.rms[index];
    const finite = shown === null || Number.isFinite(mean) || (overlay.unit !== null && Number.isNaN(shown));
    this.attribute(signal.element, 'class', `${this.baseClass(signal)}${finite ? '' : ' nonfinite'}`);
    this.paint(signal, this.swatch(summary, shown, size));
    const label =
      shown === null ? '' : overlay.unit && Number.isNaN(shown) ? strings.none : shortValue(signal, shown);
    if (signal.face === 'label' && known && this.outputs && !overlay.unit) {
      this.writeTop(signal, overlay.run!, row, label);
      return;
    }
    const { x, y } = letterPlace(signal, label !== '');
    this.attribute(signal.letter!, 'x', x);
    this.attribute(signal.letter!, 'y', y);
    if (signal.face === 'label') {
      this.text(signal.letter!, signal.node.label);
      this.text(signal.percent!, label);
      this.text(signal.texts[0], '');
      this.attribute(signal.bar!, 'width', '0');
      return;
    }
    this.text(signal.texts[0], label);
  }

  private swatch(summary: SignalSummary | undefined, shown: number | null, size: number): Swatch {
    if (shown === null || !summary || !Number.isFinite(shown) || !Number.isFinite(size))
      return this.scale.empty;
    const outer = summary.range === 'unbounded' ? summary.scale || 1 : 1;
    return this.scale.swatch(summary.range, ((shown < 0 ? -1 : 1) * Math.abs(size)) / outer);
  }

  private paint(signal: SignalNode, { fill, ink }: Swatch): void {
    this.attribute(signal.rect, 'style', `fill:${fill}`);
    if (signal.letter) this.attribute(signal.letter, 'style', `fill:${ink}`);
    if (signal.caption) this.attribute(signal.caption, 'style', `fill:${ink}`);
    if (signal.percent) this.attribute(signal.percent, 'style', `fill:${ink}`);
    if (signal.face === 'label') return;
    for (const text of signal.texts) this.attribute(text, 'style', `fill:${ink}`);
  }

  /** The likeliest output: its label, its share and a bar; a number alone where outputs are not shares. */
  private writeTop(signal: SignalNode, run: RunSummary, row: number, label: string): void {
    this.paint(signal, this.scale.empty);
    const { unit, value } = run.top;
    const known = row < unit.length && Number.isFinite(value[row]);
    const { text, size } = sizeToken(known ? tokenText(this.outputs![unit[row]] ?? '') : '', 34);
    this.text(signal.letter!, '');
    this.text(signal.texts[0], known ? text : label);
    this.attribute(
      signal.texts[0],
      'style',
      `fill:${this.scale.empty.ink};font-size:${Math.min(14, size)}px`,
    );
    this.attribute(signal.texts[0], 'y', String(Math.round(Math.min(14, size) * 0.3)));
    const share = this.shares && known ? Math.min(1, Math.max(0, value[row])) : 0;
    this.text(
      signal.percent!,
      !known ? '' : this.shares ? `${Math.round(share * 100)}%` : formatValue(value[row]),
    );
    this.attribute(signal.bar!, 'width', (share * signal.box.width).toFixed(1));
  }

  private writeInput(signal: SignalNode, { inputs, steps }: Overlay, step: number): void {
    if (signal.face === 'token') {
      const token = inputs?.kind === 'token' && step < steps ? inputs.tokens[step] : undefined;
      const { text, size } = sizeToken(token === undefined ? '' : tokenText(token), signal.box.width - 6);
      this.text(signal.texts[0], text);
      this.attribute(signal.texts[0], 'style', `font-size:${size}px`);
      this.attribute(signal.texts[0], 'y', String(Math.round(size * 0.34)));
      return;
    }
    signal.texts.forEach((text, feature) => {
      const value =
        inputs?.kind === 'vector' && step < steps ? inputs.values[step * inputs.shown + feature] : undefined;
      this.text(text, value === undefined ? '' : formatValue(value));
    });
  }

  private writePlayhead({ playhead, start }: Overlay): void {
    const column = playhead === null ? undefined : this.picture.geometry.columns[playhead - start];
    this.attribute(this.picture.playhead, 'visibility', column ? 'visible' : 'hidden');
    if (!column) return;
    this.attribute(this.picture.playhead, 'x', String(column.x - column.width / 2));
    this.attribute(this.picture.playhead, 'y', String(column.y - column.height / 2));
    this.attribute(this.picture.playhead, 'width', String(column.width));
    this.attribute(this.picture.playhead, 'height', String(column.height));
  }

  private baseClass(signal: SignalNode): string {
    let base = this.classes.get(signal);
    if (base === undefined) this.classes.set(signal, (base = signal.element.getAttribute('class') ?? ''));
    return base;
  }
  private readonly classes = new Map<SignalNode, string>();

  private attribute(element: Element, name: string, value: string | null): void {
    if (!this.changed(element, name, value)) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }

  private text(element: Element, value: string): void {
    if (this.changed(element, 'text', value)) element.textContent = value;
  }

  private changed(element: Element, name: string, value: string | null): boolean {
    let written = this.written.get(element);
    if (!written) this.written.set(element, (written = new Map()));
    if (written.get(name) === value && written.has(name)) return false;
    written.set(name, value);
    return true;
  }
}

/** Whether the outputs are shares of a whole, or likelihoods. */
function isShare(network: Network): boolean {
  const last = network.layers[network.layers.length - 1];
  const activations: readonly Activation[] = ['softmax', 'sigmoid'];
  return last.type === 'linear' && activations.includes(last.activation);
}

function addressKey({ layer, level, direction, signal }: SignalAddress): string {
  return JSON.stringify([layer, level, direction, signal]);
}

/** What stands beyond an end of the window. */
function reach({ side, enters }: StubNode, { start, steps }: Overlay, columns: number): string {
  if (steps === 0) return '';
  const beyond = side === 'left' ? start : Math.max(0, steps - start - columns);
  if (beyond === 0) return enters ? strings.initialState : strings.finalState;
  return fill(side === 'left' ? strings.earlier : strings.later, beyond);
}

/** A letter stands alone in the middle, above a gate's number, before any other. */
function letterPlace({ face }: SignalNode, withNumber: boolean): { x: string; y: string } {
  if (face === 'gate') return { x: '0', y: withNumber ? '-4' : '5' };
  return { x: withNumber ? '-16' : '0', y: face === 'cell' ? '14' : '5' };
}

/** Two digits; in a gate's narrow box without the leading zero. */
function shortValue({ face }: SignalNode, value: number): string {
  const text = formatValue(value);
  if (face !== 'gate') return text;
  if (!Number.isFinite(value)) return text;
  const fixed =
    Math.abs(value) < 9.95
      ? Math.abs(value).toFixed(Math.abs(value) < 0.995 ? 2 : 1)
      : formatValue(Math.abs(value));
  return `${value < 0 && Number(fixed) !== 0 ? '−' : ''}${fixed.replace(/^0/, '')}`;
}

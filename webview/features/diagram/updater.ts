/** Keeps the diagram in line with the state: draws it when its structure changes, patches it for all else. */
import type { Network } from '../../../src/model/network';
import type { Memory } from '../../../src/protocol';
import { diagramSheet } from '../../../src/picture/diagram/svg';
import type { Sheet } from '../../../src/picture/svgText';
import type { Look, Moment } from '../../feature';
import { comparedState, sharesInput } from '../../shared/compared';
import { layerAlone, numbersOf, type Asked, type Numbers } from '../../../src/picture/measure';
import { railGradient, type RailGradient } from '../../../src/picture/memoryNorms';
import { askedFor } from '../../shared/numbersAsked';
import { isExplained } from '../../shared/dock';
import { steps, type Action, type State } from '../../shared/state';
import { bareOverlay, type Overlay, type Shape } from '../../../src/picture/diagram/overlay';
import type { Diagram, Viewpoint } from './contract';

interface Surroundings {
  /** The diagram, on its way: Mermaid takes its time. */
  readonly diagram: Promise<Diagram>;
  readonly dispatch: (action: Action) => void;
  /** What is to be shown now. */
  readonly now: () => Moment<Viewpoint | null>;
  /** Zoom and scroll to begin with. */
  readonly viewpoint: Viewpoint | null;
  /** The first picture is on screen. */
  readonly onFirstPaint: () => void;
}

/** What a drawing depends on. `grid` tells whether the overlay of one fits another. */
interface Structure {
  readonly drawing: string;
  readonly grid: string;
}

export class DiagramUpdater {
  private diagram: Diagram | null = null;
  private wanted = '';
  private grid = '';
  private theme = 0;
  private overlays: readonly (Overlay | null)[] = [null, null];
  private readonly own = new OverlayMaker(0);
  private readonly other = new OverlayMaker(1);
  /** The text of a network, which is long, is made once. */
  private readonly texts = new WeakMap<Network, string>();

  constructor(private readonly around: Surroundings) {}

  /** Called once a frame at most. */
  update(now: Moment<Viewpoint | null>): void {
    const { state } = now;
    if (!state.scene || state.width === null) return;
    const structure = this.structureOf(state);
    if (structure.drawing !== this.wanted) {
      this.wanted = structure.drawing;
      void this.draw(structure, state);
    }
    if (state.theme !== this.theme) {
      this.theme = state.theme;
      void this.recolour();
    }
    if (structure.grid === this.grid) this.patch(now);
  }

  fit(): void {
    this.diagram?.fit();
  }

  zoomBy(factor: number): void {
    this.diagram?.zoomBy(factor);
  }

  /** On a text: what the panel shows, but for the playhead. */
  drawn({ theme, values, of }: Look): Sheet | null {
    const [own, other] = this.overlays;
    const { state } = this.around.now();
    if (!own || !state.scene) return null;
    const { detail, selection } = state;
    const range = of === 'chosen' ? selection.range : null;
    const start = range?.from ?? own.start;
    const columns = range ? range.to - range.from + 1 : state.columns;
    const compared = other ? comparedIn(state) : {};
    const shape = { network: state.scene.network, columns, detail, explained: false, ...compared };
    const from = (overlay: Overlay) => (values ? { ...overlay, start, playhead: null } : bareOverlay(start));
    return diagramSheet(shape, from(own), theme, other ? from(other) : undefined);
  }

  private async draw({ drawing, grid }: Structure, state: State): Promise<void> {
    const { dispatch, viewpoint, now } = this.around;
    const { network } = state.scene!;
    const { columns, detail } = state;
    const explained = isExplained(state);
    dispatch({ type: 'drawing' });
    try {
      this.diagram = await this.around.diagram;
      // The rest of the panel, which has changed with it, comes first: in one frame, the two would hold it up.
      if (comparedIn(state).compared) await anotherTask();
      if (this.wanted !== drawing) return;
      await this.diagram.draw({ network, columns, detail, explained, ...comparedIn(state) });
    } catch (error) {
      if (this.wanted !== drawing) return;
      dispatch({ type: 'drawFailed', message: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (this.wanted !== drawing) return;
    const first = this.grid === '';
    this.grid = grid;
    this.overlays = [null, null];
    if (first && viewpoint) this.diagram.lookFrom(viewpoint);
    this.patch(now());
    dispatch({ type: 'drawn' });
    if (first) requestAnimationFrame(this.around.onFirstPaint);
  }

  private async recolour(): Promise<void> {
    if (this.grid === '') return;
    await this.diagram!.refreshTheme();
    this.overlays = [null, null];
    this.patch(this.around.now());
  }

  private patch(now: Moment<Viewpoint | null>): void {
    const compared = comparedState(now.state);
    const own = this.own.make(now, now.state);
    const other = compared && this.other.make(now, compared);
    if (own === this.overlays[0] && other === this.overlays[1]) return;
    this.overlays = [own, other];
    this.diagram!.update(own, other);
  }

  private structureOf(state: State): Structure {
    const { scene, columns, detail } = state;
    const { compared } = comparedIn(state);
    const other = compared ? `${compared.sharesInput} ${this.textOf(compared.network)}` : '';
    const grid = `${columns} ${this.textOf(scene!.network)} ${other}`;
    return { grid, drawing: `${detail} ${isExplained(state)} ${grid}` };
  }

  private textOf(network: Network): string {
    const known = this.texts.get(network);
    if (known !== undefined) return known;
    const text = JSON.stringify(drawnOf(network));
    this.texts.set(network, text);
    return text;
  }
}

function comparedIn(state: State): Pick<Shape, 'compared'> {
  const compared = comparedState(state);
  return compared ? { compared: { network: compared.scene!.network, sharesInput: sharesInput(state) } } : {};
}

/** Makes what is laid over one picture: the same object until something changes. */
class OverlayMaker {
  private overlay: Overlay | null = null;
  private followed: { readonly memory: Memory; readonly rails: RailGradient } | null = null;

  /** `place` is that of the answers about its run; the first picture has the playhead of both. */
  constructor(private readonly place: number) {}

  make({ answer }: Moment<Viewpoint | null>, state: State): Overlay {
    const { place } = this;
    const overlay: Overlay = {
      start: state.start,
      steps: state.sequence?.steps ?? 0,
      longest: steps(state),
      playhead: steps(state) > 0 && place === 0 ? state.step : null,
      inputs: state.sequence?.inputs ?? null,
      further: state.sequence?.further ?? null,
      run: state.run,
      ghost: state.run === state.base ? null : state.base,
      changes: state.changes.sets,
      numbers: this.numbers(
        state,
        askedFor((kind) => answer(kind, place)),
      ),
      layer: layerAlone(state),
      rails: this.railsOf(state, answer('memory', place).latest),
    };
    if (!this.overlay || !sameOverlay(this.overlay, overlay)) this.overlay = overlay;
    return this.overlay;
  }

  /** The same object until something changes. */
  private railsOf({ dock, run }: State, memory: Memory | null): RailGradient | null {
    if (!memory || !dock.open.includes('memory') || memory.trace !== run?.trace) return null;
    if (this.followed?.memory !== memory) this.followed = { memory, rails: railGradient(memory) };
    return this.followed.rails;
  }

  /** The same object until something changes. */
  private numbers({ run, measure }: State, asked: Asked): Numbers | null {
    const found = numbersOf(run, measure, asked);
    const { numbers } = this.overlay ?? { numbers: null };
    const same = found?.values === numbers?.values && found?.measure === numbers?.measure;
    return same ? numbers : found;
  }
}

function anotherTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What the picture shows of a network: nothing that is said of it as a whole. */
function drawnOf({
  input,
  layers,
  outputLabels,
}: Network): Pick<Network, 'input' | 'layers' | 'outputLabels'> {
  return { input, layers, outputLabels };
}

function sameOverlay(a: Overlay, b: Overlay): boolean {
  return (Object.keys(a) as (keyof Overlay)[]).every((key) => a[key] === b[key]);
}

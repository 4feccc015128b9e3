import type { Sequence } from '../../model/samples';
import type { Arithmetic } from '../arithmetic';
import { backward } from '../backward';
import { layerRuns } from '../edges';
import { factsAfter } from '../facts';
import { forward } from '../forward';
import type { Work } from '../slices';
import type { Trace } from '../trace';
import type { Node } from './quadrature';
import { type VectorSource, sequenceOf } from './vectors';
import type { Way } from './way';

/** Runs between the baseline and the input, and the ways back. */
export class Passes {
  private readonly sources: readonly VectorSource[];

  constructor(
    private readonly way: Way,
    private readonly arithmetic: Arithmetic,
  ) {
    this.sources = way.paths.map(({ source }) => source);
  }

  forward(place: number): Work<Trace> {
    return this.runOn(this.sequence(place));
  }

  /** Of output number `index`, for each path; undefined where the output does not depend on it at all. */
  *meanGradient(nodes: readonly Node[], index: number) {
    const { network, weights, clamps, sequence: whole } = this.way.ran;
    const { states } = this.way.stretch;
    const slopes: (Float64Array | undefined)[] = this.sources.map(() => undefined);
    let targetMasked = false;
    for (const { at, weight } of nodes) {
      const sequence = this.sequence(at);
      const trace = yield* this.runOn(sequence);
      const runs = yield* layerRuns(network, sequence, trace, clamps);
      const atOutput = new Float64Array(trace.output.values.length);
      atOutput[index] = 1;
      const { edges } = yield* backward(network, weights, runs, atOutput, {
        ...{ input: true, clamps, steps: whole.steps, products: this.arithmetic.back },
        ...(states && { carried: { states, atEnd: new Map() } }),
      });
      for (const [k, { name }] of this.sources.entries()) {
        const found = edges.get(name);
        if (!found) continue;
        const sum = (slopes[k] ??= new Float64Array(found.length));
        for (let n = 0; n < found.length; n++) sum[n] += weight * found[n];
      }
      const { mask } = factsAfter(network.layers.at(-1)!, runs.at(-1)!.inputs);
      targetMasked = mask?.[Math.floor(index / trace.output.units)] === 0;
    }
    return { slopes, targetMasked };
  }

  private runOn(sequence: Sequence): Work<Trace> {
    const { ran, stretch } = this.way;
    const { network, weights, clamps } = ran;
    const { arithmetic } = this;
    return forward(network, weights, sequence, { initial: stretch.states, arithmetic, clamps });
  }

  private sequence(place: number): Sequence {
    const { ran, paths } = this.way;
    if (place === 1) return ran.sequence;
    return sequenceOf(
      ran.sequence,
      this.sources,
      paths.map((path) => path.at(place)),
    );
  }
}

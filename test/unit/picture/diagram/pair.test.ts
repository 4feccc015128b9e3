import assert from 'node:assert/strict';
import { unroll } from '../../../../src/unroll/graph';
import type { Box, Geometry } from '../../../../src/picture/diagram/geometry';
import { placePair, type Unrolled } from '../../../../src/picture/diagram/pair';
import { routePath } from '../../../../src/picture/diagram/path';
import { columnsWithin } from '../../../../webview/shared/window';
import { STRUCTURES } from '../../unroll/networks';
import { inside, overlap, trace } from './boxes';

const COLUMNS = 4;

interface Pair {
  readonly unrolled: readonly [Unrolled, Unrolled];
  readonly geometries: readonly [Geometry, Geometry];
  readonly shared: boolean;
}

/** Each network over itself, with one input, and over the next, each with its own. */
function each(check: (pair: Pair) => void): void {
  const all = Object.entries(STRUCTURES);
  all.forEach(([name, network], k) => {
    const [next, other] = all[(k + 1) % all.length];
    for (const detail of ['gates', 'cells'] as const) {
      for (const [title, below, shared] of [
        [name, network, true],
        [next, other, false],
      ] as const) {
        it(`${name} over ${title}, ${detail}`, () => {
          const unrolled = [network, below].map((net) => ({
            network: net,
            graph: unroll(net, { columns: COLUMNS, detail }),
          })) as unknown as Pair['unrolled'];
          check({ unrolled, geometries: placePair(...unrolled, shared), shared });
        });
      }
    }
  });
}

/** What is seen of both, but for stubs and where wires meet. */
function boxesOf({ unrolled, geometries }: Pair): Box[] {
  return geometries.flatMap(({ nodes }, k) =>
    unrolled[k].graph.nodes.flatMap(({ id, kind }) =>
      kind === 'stub' || kind === 'bus' || !nodes.has(id) ? [] : [nodes.get(id)!],
    ),
  );
}

describe('two pictures over one another', () => {
  describe('have room on one paper, and nothing in one covers what is in the other', () =>
    each((pair) => {
      const { width, height } = pair.geometries[0];
      assert.deepEqual([width, height], [pair.geometries[1].width, pair.geometries[1].height]);
      const boxes = boxesOf(pair);
      for (const box of boxes) {
        assert.ok(box.x - box.width / 2 >= 0 && box.x + box.width / 2 <= width);
        assert.ok(box.y - box.height / 2 >= 0 && box.y + box.height / 2 <= height);
      }
      // Gates of a strip touch.
      const inner = boxes.map((box) => ({ ...box, width: box.width - 1e-6 }));
      inner.forEach((a, i) => inner.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b))));
    }));

  describe('grow away from the input, their columns in line', () =>
    each(({ unrolled, geometries, shared }) => {
      const heights = geometries.map(({ nodes }, k) => {
        const { graph } = unrolled[k];
        const inFirst = graph.nodes.filter(({ column, id }) => column === 0 && nodes.has(id));
        return inFirst.map(({ row, id }) => [row, nodes.get(id)!.y] as const);
      });
      const away = (rows: (readonly [number, number])[], sign: number) =>
        rows.every(([row, y]) => rows.every(([other, z]) => row <= other || sign * (y - z) > 0));
      assert.ok(away(heights[0], -1) && away(heights[1], 1));
      const [above, below] = heights.map((rows) => rows.map(([, y]) => y));
      assert.ok(Math.max(...above) < Math.min(...below));
      assert.equal(geometries[1].nodes.has('x_0'), !shared);
      geometries[0].columns.forEach(({ x }, column) => assert.equal(x, geometries[1].columns[column].x));
    }));

  describe('have wires that begin and end at their nodes, and run through none', () =>
    each(({ unrolled, geometries, shared }) => {
      const inputs = geometries[0].nodes;
      geometries.forEach(({ nodes, edges }, k) => {
        const boxOf = (id: string) => nodes.get(id) ?? inputs.get(id)!;
        const { graph } = unrolled[k];
        const solid = graph.nodes.filter(
          ({ kind, id }) => kind !== 'stub' && kind !== 'bus' && nodes.has(id),
        );
        // That of gates in a strip begins at the strip.
        const startOf = (id: string) => {
          const { kind, row, column } = graph.nodes.find((node) => node.id === id)!;
          const strip = graph.nodes.find(
            (node) => node.kind === 'bus' && node.row === row && node.column === column,
          );
          return kind === 'gate' ? boxOf(strip!.id) : boxOf(id);
        };
        for (const [key, route] of edges) {
          const [from, to] = key.split(' ');
          const { points } = route;
          assert.ok(shared || nodes.has(from));
          assert.ok(inside(startOf(from), points[0], 1), `${key} begins elsewhere`);
          assert.ok(inside(boxOf(to), points[points.length - 1], 1), `${key} ends elsewhere`);
          const drawn = trace(routePath(route));
          for (const { id, kind } of solid) {
            if (kind === 'gate') continue;
            const margin = id === from || id === to ? -3 : 1;
            const hit = drawn.find((point) => inside(nodes.get(id)!, point, margin));
            assert.equal(hit, undefined, `${key} runs through ${id}`);
          }
        }
      });
    }));

  it('have as many columns as both have room for', () => {
    const all = Object.values(STRUCTURES);
    for (const [k, network] of all.entries()) {
      const other = all[(k + 1) % all.length];
      const columns = columnsWithin(1400, network, 'gates', { compared: other });
      const widthOf = (count: number) => {
        const [a, b] = [network, other].map((net) => ({
          network: net,
          graph: unroll(net, { columns: count, detail: 'gates' }),
        }));
        return placePair(a, b, false)[0].width;
      };
      assert.ok(columns === 3 || widthOf(columns) <= 1400);
      assert.ok(columns === 24 || widthOf(columns + 1) > 1388);
    }
  });
});

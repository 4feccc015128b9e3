import assert from 'node:assert/strict';
import { unroll, type UnrolledGraph } from '../../../../src/unroll/graph';
import { place, type Geometry } from '../../../../src/picture/diagram/geometry';
import { routePath } from '../../../../src/picture/diagram/path';
import { edgeKey, featureLines } from '../../../../src/picture/diagram/spacing';
import { STRUCTURES } from '../../unroll/networks';
import { inside, overlap, trace } from './boxes';

const COLUMNS = 4;

function each(check: (graph: UnrolledGraph, geometry: Geometry) => void): void {
  for (const [name, net] of Object.entries(STRUCTURES)) {
    for (const detail of ['gates', 'cells'] as const) {
      it(`${name}, ${detail}`, () => {
        const graph = unroll(net, { columns: COLUMNS, detail });
        check(graph, place(graph, net));
      });
    }
  }
}

describe('the geometry of the picture', () => {
  describe('places every node, cell and wire within the picture', () =>
    each((graph, { nodes, groups, edges, width, height }) => {
      assert.deepEqual(
        [...nodes.keys()],
        graph.nodes.map(({ id }) => id),
      );
      assert.deepEqual(
        [...groups.keys()],
        graph.groups.map(({ id }) => id),
      );
      for (const box of [...nodes.values(), ...groups.values()]) {
        assert.ok(box.x - box.width / 2 >= 0 && box.x + box.width / 2 <= width);
        assert.ok(box.y - box.height / 2 >= 0 && box.y + box.height / 2 <= height);
      }
      for (const { from, to } of graph.edges) {
        for (const { x, y } of edges.get(edgeKey(from, to))!.points)
          assert.ok(x >= 0 && x <= width && y >= 0 && y <= height);
      }
    }));

  describe('lets no two nodes overlap, nor two cells, and keeps nodes in their cells', () =>
    each((graph, { nodes, groups }) => {
      const boxes = graph.nodes.filter(({ kind }) => kind !== 'stub').map(({ id }) => nodes.get(id)!);
      boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b))));
      const cells = [...groups.values()];
      cells.forEach((a, i) => cells.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b))));
      for (const group of graph.groups) {
        const cell = groups.get(group.id)!;
        for (const id of group.nodes) {
          const { x, y, width, height } = nodes.get(id)!;
          assert.ok(Math.abs(x - cell.x) + width / 2 < cell.width / 2);
          assert.ok(Math.abs(y - cell.y) + height / 2 < cell.height / 2);
        }
      }
    }));

  describe('leads no wire through a node', () =>
    each((graph, { nodes, edges }) => {
      const solid = graph.nodes.filter(({ kind }) => kind !== 'stub' && kind !== 'bus');
      for (const { from, to } of graph.edges) {
        const points = trace(routePath(edges.get(edgeKey(from, to))!));
        for (const { id } of solid) {
          // Its own ends it may touch, but not enter; from others it keeps clear.
          const margin = id === from || id === to ? -3 : 1;
          const hit = points.find((point) => inside(nodes.get(id)!, point, margin));
          assert.equal(hit, undefined, `${from} → ${to} runs through ${id}`);
        }
      }
    }));

  describe('begins and ends wires at their nodes', () =>
    each((graph, { nodes, edges }) => {
      for (const { from, to } of graph.edges) {
        const { points } = edges.get(edgeKey(from, to))!;
        assert.ok(inside(nodes.get(from)!, points[0], 1), `${from} → ${to} begins elsewhere`);
        assert.ok(inside(nodes.get(to)!, points[points.length - 1], 1), `${from} → ${to} ends elsewhere`);
      }
    }));

  describe('repeats one grid in every column', () =>
    each((graph, { nodes, columns }) => {
      const pitch = columns[1].x - columns[0].x;
      for (const { id, column } of graph.nodes) {
        if (column < 0 || column >= COLUMNS) continue;
        const first = nodes.get(id.replace(/\d+$/, '0'))!;
        const node = nodes.get(id)!;
        assert.ok(Math.abs(node.x - first.x - column * pitch) < 1e-9);
        assert.deepEqual({ ...node, x: first.x }, first);
      }
    }));

  it('has a line of words beside each letter where it is explained, clear of one another and of the cells', () => {
    for (const [name, network] of Object.entries(STRUCTURES)) {
      for (const detail of ['gates', 'cells'] as const) {
        const graph = unroll(network, { columns: COLUMNS, detail });
        const { rowLabels, labelWidth, groups, nodes, columns } = place(graph, network, true);
        const said = rowLabels.flatMap((label) => (label.said ? [label] : []));
        const cells = graph.rows.filter(({ kind, single }) => kind === 'cell' && !single);
        assert.ok(said.length >= cells.length, name);
        const lines = said.filter(({ said }) => said !== 'step');
        for (const cell of cells) {
          const letters = lines.flatMap(({ said }) =>
            typeof said === 'object' && graph.rows[said.row] === cell ? [said.signal] : [],
          );
          const gates = detail === 'gates' ? (cell.cell?.gates ?? []) : [];
          for (const letter of [...gates, 'h']) assert.ok(letters.includes(letter), `${name}: ${letter}`);
        }
        const heights = rowLabels.filter(({ anchor, x }) => anchor === 'start' && x < 20).map(({ y }) => y);
        heights.sort((a, b) => a - b);
        heights.forEach((y, k) => assert.ok(k === 0 || y - heights[k - 1] >= 14, `${name}: ${y}`));
        const left = Math.min(
          ...[...groups.values(), ...nodes.values()].map(({ x, width }) => x - width / 2),
        );
        assert.ok(labelWidth <= left && labelWidth < columns[0].x, name);
      }
    }
  });

  for (const [size, shown, named] of [
    [1, 1, 1],
    [4, 4, 4],
    [5, 5, 5],
    [12, 12, 12],
    [48, 48, 12],
    [500, 48, 12],
  ]) {
    it(`gives ${size} features ${shown} lines, names of which stand clear of each other`, () => {
      const lines = featureLines({ kind: 'vector', size });
      assert.equal(lines.shown, shown);
      assert.equal(lines.bars, size > 4);
      assert.equal(Math.ceil(shown / lines.naming), named);
      assert.ok(lines.naming * lines.pitch >= 12 && lines.shown * lines.pitch <= 144);
    });
  }

  it('runs c straight through the whole row', () => {
    const graph = unroll(STRUCTURES.lstm, { columns: COLUMNS, detail: 'gates' });
    const { edges } = place(graph, STRUCTURES.lstm);
    const rails = graph.edges.filter(({ role }) => role === 'cell');
    assert.equal(rails.length, COLUMNS + 1);
    const heights = rails.flatMap(({ from, to }) => edges.get(edgeKey(from, to))!.points.map(({ y }) => y));
    assert.equal(new Set(heights).size, 1);
  });
});

describe('wire paths', () => {
  it('round corners, and stop short for the arrow', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 20, y: 0 },
      { x: 20, y: 30 },
    ];
    assert.equal(routePath({ points, curve: 'rounded' }), 'M0,0L14,0Q20,0 20,6L20,26');
  });

  it('leave and arrive upright', () => {
    const points = [
      { x: 0, y: 40 },
      { x: 10, y: 0 },
    ];
    assert.equal(routePath({ points, curve: 'bumpY' }), 'M0,40C0,22 10,22 10,4');
  });
});

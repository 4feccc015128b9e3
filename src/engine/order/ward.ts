/** Ward's hierarchical clustering, by chains of nearest neighbours (Murtagh 1983; Müllner 2011). */
import type { Work } from '../slices';

/**
 * Merges from the lowest to the highest. Clusters below `n` are single items; merge k makes cluster n + k. As in scipy's
 * `linkage(…, 'ward')`, the cluster with the smaller number is the left one.
 */
export interface Merges {
  /** n − 1 of each. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Ward's distance of the two. */
  readonly height: Float64Array;
}

/** Where the distance of items i < j stands in a list of n (n − 1) / 2. */
function place(n: number, i: number, j: number): number {
  return i < j ? i * n - (i * (i + 1)) / 2 + j - i - 1 : j * n - (j * (j + 1)) / 2 + i - j - 1;
}

/**
 * @param points items × size, row-major: finite numbers.
 * @returns squared Euclidean distances of all pairs, (0, 1), (0, 2) … (n − 2, n − 1).
 */
export function* squaredDistances(points: Float32Array, size: number): Work<Float64Array> {
  const n = points.length / size;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  let cost = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      distances[at++] = squaredDistance(points, i * size, j * size, size);
      cost += size;
    }
    if (cost < PIECE) continue;
    yield cost;
    cost = 0;
  }
  yield cost;
  return distances;
}

const PIECE = 250_000;

/** In four sums, which do not wait for one another. */
function squaredDistance(points: Float32Array, a: number, b: number, size: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < size; k += 4) {
    const d0 = points[a + k] - points[b + k];
    const d1 = points[a + k + 1] - points[b + k + 1];
    const d2 = points[a + k + 2] - points[b + k + 2];
    const d3 = points[a + k + 3] - points[b + k + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; k < size; k++) {
    const d = points[a + k] - points[b + k];
    s0 += d * d;
  }
  return s0 + s1 + s2 + s3;
}

/** @param squared as `squaredDistances` gives them for n items; overwritten. */
export function* ward(squared: Float64Array, n: number): Work<Merges> {
  const sizes = new Int32Array(n).fill(1);
  const merged: { readonly a: number; readonly b: number; readonly height: number }[] = [];
  const chain: number[] = [];
  let first = 0;
  let cost = 0;
  while (merged.length < n - 1) {
    if (chain.length === 0) {
      while (sizes[first] === 0) first++;
      chain.push(first);
    }
    const item = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    // Among those as near as it, the item before comes first: else a chain might have no end.
    let nearest = before;
    let least = before < 0 ? Infinity : squared[place(n, item, before)];
    for (let other = 0; other < n; other++) {
      if (sizes[other] === 0 || other === item) continue;
      const distance = squared[place(n, item, other)];
      if (distance >= least) continue;
      least = distance;
      nearest = other;
    }
    cost += n;
    if (nearest === before) {
      chain.length -= 2;
      const [a, b] = item < before ? [item, before] : [before, item];
      merged.push({ a, b, height: Math.sqrt(Math.max(0, least)) });
      join(squared, n, sizes, a, b);
      cost += n;
    } else {
      chain.push(nearest);
    }
    if (cost < PIECE) continue;
    yield cost;
    cost = 0;
  }
  yield cost;
  merged.sort((one, other) => one.height - other.height);
  return numbered(merged, n);
}

/** The distances of two clusters' union, which takes the place of b (Lance and Williams 1967). */
function join(squared: Float64Array, n: number, sizes: Int32Array, a: number, b: number): void {
  const [na, nb] = [sizes[a], sizes[b]];
  const between = squared[place(n, a, b)];
  sizes[a] = 0;
  sizes[b] = na + nb;
  for (let other = 0; other < n; other++) {
    const no = sizes[other];
    if (no === 0 || other === b) continue;
    const at = place(n, b, other);
    squared[at] =
      ((na + no) * squared[place(n, a, other)] + (nb + no) * squared[at] - no * between) / (na + nb + no);
  }
}

/** Gives clusters their numbers, in the order of their merges. */
function numbered(
  merged: readonly { readonly a: number; readonly b: number; readonly height: number }[],
  n: number,
): Merges {
  const parents = Int32Array.from({ length: 2 * n - 1 }, (_, k) => k);
  const clusterOf = (item: number) => {
    let root = item;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  const left = new Int32Array(n - 1);
  const right = new Int32Array(n - 1);
  merged.forEach(({ a, b }, k) => {
    const [one, other] = [clusterOf(a), clusterOf(b)];
    left[k] = Math.min(one, other);
    right[k] = Math.max(one, other);
    parents[one] = parents[other] = n + k;
  });
  return { left, right, height: Float64Array.from(merged, ({ height }) => height) };
}

/** The items from the first branch to the last, left before right. */
export function leavesOf({ left, right }: Merges): Int32Array {
  const n = left.length + 1;
  const leaves = new Int32Array(n);
  const open = [2 * n - 2];
  let count = 0;
  while (open.length > 0) {
    const cluster = open.pop()!;
    if (cluster < n) leaves[count++] = cluster;
    else open.push(right[cluster - n], left[cluster - n]);
  }
  return leaves;
}

const MOST_GROUPS = 8;

/**
 * How many items each group has, in the order of the leaves: cut where the heights of the merges fall most, by their
 * quotient, into 2 to √n groups, at most 8. A single group where all items are alike.
 */
export function groupsOf(merges: Merges): Int32Array {
  const { left, right, height } = merges;
  const n = height.length + 1;
  const whole = Int32Array.of(n);
  if (n < 3 || height[n - 2] <= 0) return whole;
  let count = 2;
  let best = 0;
  for (let groups = 2; groups <= Math.min(MOST_GROUPS, Math.ceil(Math.sqrt(n))); groups++) {
    // Joined above, apart below.
    const [above, below] = [height[n - groups], height[n - groups - 1]];
    const fall = above / Math.max(below, height[n - 2] * 1e-6);
    if (fall <= best) continue;
    best = fall;
    count = groups;
  }
  const sizes: number[] = [];
  const open = [2 * n - 2];
  while (open.length > 0) {
    const cluster = open.pop()!;
    // The last count − 1 merges are undone.
    if (cluster > 2 * n - 1 - count) open.push(right[cluster - n], left[cluster - n]);
    else sizes.push(sizeOf(merges, cluster));
  }
  return Int32Array.from(sizes);
}

function sizeOf({ left, right }: Merges, cluster: number): number {
  const n = left.length + 1;
  const open = [cluster];
  let size = 0;
  while (open.length > 0) {
    const one = open.pop()!;
    if (one < n) size++;
    else open.push(left[one - n], right[one - n]);
  }
  return size;
}

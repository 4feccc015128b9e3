/** Numbers on their way to the page, which VS Code writes as JSON: that has no words for NaN and the infinities. */

/** Stands for a number that JSON would make null of. */
interface Written {
  readonly nonFinite: string;
}

/** The same, with what JSON has no word for written out; what holds none is handed back as it is. Arrays of floats are not looked into: VS Code sends them as they are. */
export function writeNonFinite(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : ({ nonFinite: String(value) } satisfies Written);
  }
  return replaced(value, writeNonFinite);
}

/** What `writeNonFinite` was given. */
export function readNonFinite(value: unknown): unknown {
  return isWritten(value) ? Number(value.nonFinite) : replaced(value, readNonFinite);
}

function isWritten(value: unknown): value is Written {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<Written>).nonFinite === 'string'
  );
}

/** With each part replaced; the very same where none differs. */
function replaced(value: unknown, replace: (part: unknown) => unknown): unknown {
  if (
    typeof value !== 'object' ||
    value === null ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer
  ) {
    return value;
  }
  if (Array.isArray(value)) {
    const parts = value.map(replace);
    return parts.every((part, k) => Object.is(part, value[k])) ? value : parts;
  }
  const entries = Object.entries(value);
  const parts = entries.map(([name, part]) => [name, replace(part)] as const);
  return parts.every(([, part], k) => Object.is(part, entries[k][1])) ? value : Object.fromEntries(parts);
}

import type { Table } from './flatbuffer';

/** An operator's `BuiltinOptions`: a table whose fields are numbered as schema.fbs has them, with their defaults. */
export class Options {
  constructor(private readonly table: Table | undefined) {}

  byte(field: number, otherwise = 0): number {
    return this.table?.i8(field, otherwise) ?? otherwise;
  }

  int(field: number, otherwise = 0): number {
    return this.table?.i32(field, otherwise) ?? otherwise;
  }

  float(field: number): number {
    return this.table?.f32(field) ?? 0;
  }

  ints(field: number): number[] | undefined {
    return this.table?.i32s(field);
  }
}

/** Types of tensors' elements, under PyTorch's names (`torch.float32`, `torch.FloatStorage`). */
import type { FloatType } from '../floats';

export interface ElementType {
  /** `float32` */
  readonly name: string;
  readonly bytes: number;
  /** If it converts to float32. */
  readonly float?: FloatType;
  /** One of whole numbers, the lowest byte first. */
  readonly whole?: (view: DataView, at: number) => number;
}

const type = (name: string, bytes: number, float?: FloatType): ElementType => ({ name, bytes, float });
const whole = (name: string, bytes: number, read: NonNullable<ElementType['whole']>): ElementType => ({
  ...{ name, bytes },
  whole: read,
});
const int8 = (view: DataView, at: number) => view.getInt8(at);
const uint8 = (view: DataView, at: number) => view.getUint8(at);
const int32 = (view: DataView, at: number) => view.getInt32(at, true);

/** By the class of their storages (torch/storage.py, `_dtype_to_storage_type_map`). */
const OF_STORAGES: Readonly<Record<string, ElementType>> = {
  DoubleStorage: type('float64', 8, 'F64'),
  FloatStorage: type('float32', 4, 'F32'),
  HalfStorage: type('float16', 2, 'F16'),
  BFloat16Storage: type('bfloat16', 2, 'BF16'),
  LongStorage: whole('int64', 8, (view, at) => Number(view.getBigInt64(at, true))),
  IntStorage: whole('int32', 4, int32),
  ShortStorage: type('int16', 2),
  CharStorage: type('int8', 1),
  ByteStorage: type('uint8', 1),
  BoolStorage: type('bool', 1),
  ComplexDoubleStorage: type('complex128', 16),
  ComplexFloatStorage: type('complex64', 8),
  QInt8Storage: whole('qint8', 1, int8),
  QUInt8Storage: whole('quint8', 1, uint8),
  QInt32Storage: whole('qint32', 4, int32),
  QUInt4x2Storage: type('quint4x2', 1),
  QUInt2x4Storage: type('quint2x4', 1),
  UntypedStorage: type('uint8', 1),
  _UntypedStorage: type('uint8', 1),
};

/** Types without a class of storages. */
const FURTHER: readonly ElementType[] = [
  type('complex32', 4),
  ...['float8_e5m2', 'float8_e4m3fn', 'float8_e5m2fnuz', 'float8_e4m3fnuz', 'float8_e8m0fnu'].map((name) =>
    type(name, 1),
  ),
  ...[type('uint16', 2), type('uint32', 4), type('uint64', 8)],
];

const BY_NAME = new Map([...Object.values(OF_STORAGES), ...FURTHER].map((found) => [found.name, found]));

/** Of `torch.FloatStorage`, `torch.cuda.FloatStorage`, `torch.storage.UntypedStorage`, … */
export function typeOfStorage(global: string): ElementType | undefined {
  const [, name] = /^torch\.(?:cuda\.|storage\.)?(\w+)$/.exec(global) ?? [];
  return name !== undefined && Object.hasOwn(OF_STORAGES, name) ? OF_STORAGES[name] : undefined;
}

/** Of `torch.float32`, … */
export function typeOfDtype(global: string): ElementType | undefined {
  return global.startsWith('torch.') ? BY_NAME.get(global.slice('torch.'.length)) : undefined;
}

/** numpy's codes: a letter for the kind, and the number of bytes. */
const OF_NUMPY: Readonly<Record<string, string>> = {
  ...{ f2: 'float16', f4: 'float32', f8: 'float64', c8: 'complex64', c16: 'complex128', b1: 'bool' },
  ...{
    i1: 'int8',
    i2: 'int16',
    i4: 'int32',
    i8: 'int64',
    u1: 'uint8',
    u2: 'uint16',
    u4: 'uint32',
    u8: 'uint64',
  },
};

export function typeOfNumpy(code: string): ElementType | undefined {
  return Object.hasOwn(OF_NUMPY, code) ? BY_NAME.get(OF_NUMPY[code]) : undefined;
}

// The type of a staged column → how Parquet stores it.
import type { PlainType } from '../../schema/model.ts';

/** Numbers as Parquet's footer has them. */
export const physical = { boolean: 0, int32: 1, int64: 2, double: 5, byteArray: 6, fixedBytes: 7 } as const;

/** A decimal beyond 64 bits is two's complement, highest byte first, in so many bytes. */
export const WIDE_DECIMAL_BYTES = 16;

/** A decimal has the narrowest form that holds its digits, as Spark itself writes it. */
export function physicalType(type: PlainType): number {
  switch (type.kind) {
    case 'boolean':
      return physical.boolean;
    case 'bigint':
    case 'timestamp':
      return physical.int64;
    case 'date':
      return physical.int32;
    case 'double':
      return physical.double;
    case 'decimal':
      if (type.precision > 18) return physical.fixedBytes;
      return type.precision > 9 ? physical.int64 : physical.int32;
    case 'string':
    case 'json':
      return physical.byteArray;
  }
}

import { type DataType, isDataType } from '../data-type.ts';
import type { Op, Translate } from '../op.ts';
import { tensorOf } from '../tensor.ts';

/** Tensors out of attributes. */
export const creation: Readonly<Record<string, Translate>> = {
  full: (op) => op.fold(tensorOf(dataType(op), op.numbers('shape'), [op.number('value')])),
  full_int_array: (op) => {
    const values = op.numbers('value');
    return op.fold(tensorOf(dataType(op), [values.length], values));
  },
};

/** The `dtype` attribute; «undefined» means the type that the program gives the result. */
export function dataType(op: Op): DataType {
  const type = op.text('dtype', op.result().type).toLowerCase();
  return isDataType(type) ? type : op.result().type;
}

import type { DataType } from './data-type.ts';
import type { Tensor } from './tensor.ts';

/**
 * The common form of both Paddle formats: one block of operations over values that are assigned once, with the
 * operator names, operand order and attribute names of Paddle 3 (PIR).
 */
export interface Graph {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly operations: readonly Operation[];
  /** Values known before the run: parameters, and what a Paddle 2 program writes as an attribute. */
  readonly constants: ReadonlyMap<Value, Tensor>;
}

/** Compared by identity. `dims` holds −1 where a size is known only at run time. */
export interface Value {
  readonly type: DataType;
  readonly dims: readonly number[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

export interface Operation {
  readonly name: string;
  /** By operand; an operand is a list of tensors, of one tensor mostly, of none where it is absent. */
  readonly inputs: readonly (readonly Value[])[];
  readonly outputs: readonly (readonly Value[])[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export type Attribute = boolean | number | string | readonly Attribute[];

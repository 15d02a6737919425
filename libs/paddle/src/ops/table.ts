import type { Translate } from '../op.ts';
import { activation } from './activation.ts';
import { convolution } from './convolution.ts';
import { creation } from './creation.ts';
import { elementwise } from './elementwise.ts';
import { interpolation } from './interpolation.ts';
import { matrix } from './matrix.ts';
import { normalization } from './normalization.ts';
import { pieces } from './pieces.ts';
import { pooling } from './pooling.ts';
import { reduction } from './reduction.ts';
import { selection } from './selection.ts';
import { shape } from './shape.ts';

/** Every operator that can be translated, by its Paddle 3 name. */
export const operators: ReadonlyMap<string, Translate> = new Map(
  [
    activation,
    convolution,
    creation,
    elementwise,
    interpolation,
    matrix,
    normalization,
    pieces,
    pooling,
    reduction,
    selection,
    shape,
  ].flatMap((family) => Object.entries(family)),
);

import type { Translate } from '../op.ts';
import { activation } from './activation.ts';
import { convolution } from './convolution.ts';
import { creation } from './creation.ts';
import { elementwise } from './elementwise.ts';
import { matrix } from './matrix.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { shape } from './shape.ts';

/** Every operator that can be translated, by its Paddle 3 name. */
export const operators: Readonly<Record<string, Translate | undefined>> = {
  ...activation,
  ...convolution,
  ...creation,
  ...elementwise,
  ...matrix,
  ...normalization,
  ...pooling,
  ...shape,
};

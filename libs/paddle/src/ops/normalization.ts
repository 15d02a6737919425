import { float } from '../onnx.ts';
import type { Op, Translate } from '../op.ts';
import { elementCount, tensorOf } from '../tensor.ts';

/** Normalisation with stored or computed statistics, and dropout, which inference has no use for. */
export const normalization: Readonly<Record<string, Translate>> = {
  batch_norm: batchNorm,
  batch_norm_: batchNorm,
  sync_batch_norm_: batchNorm,
  layer_norm: layerNorm,
  instance_norm: (op) =>
    op.emit('InstanceNormalization', [op.input(0), ...scaleAndBias(op, [op.value(0).dims[1]!])], {
      epsilon: float(op.number('epsilon')),
    }),
  group_norm: groupNorm,
  dropout,
};

/** Operands: x, mean, variance, scale, bias. */
function batchNorm(op: Op): string {
  op.require('data_format', 'NCHW', 'NCDHW', 'AnyLayout');
  op.require('trainable_statistics', false);
  op.ignoreAttributes('momentum', 'use_global_stats');
  if (!op.flag('is_test', false) && !op.flag('use_global_stats', false))
    op.unmapped(`${op.name} in training mode`);
  const mean = op.input(1);
  const variance = op.input(2);
  return op.emit(
    'BatchNormalization',
    [op.input(0), ...scaleAndBias(op, op.value(1).dims, 3), mean, variance],
    {
      epsilon: float(op.number('epsilon')),
    },
  );
}

function layerNorm(op: Op): string {
  const axis = op.axis('begin_norm_axis');
  const dims = op.value(0).dims.slice(axis);
  const affine = dims.every((dim) => dim > 0);
  if (
    !affine &&
    (op.values(1).length === 0 || op.values(2).length === 0) &&
    op.values(1).length + op.values(2).length > 0
  )
    op.unmapped(`${op.name} with scale or bias alone over a size computed at run time`);
  const shaped = scaleAndBias(op, dims).map((name) => op.emit('Reshape', [name, op.ints(dims)]));
  return op.emit('LayerNormalization', [op.input(0), ...shaped], {
    axis,
    epsilon: float(op.number('epsilon')),
  });
}

/** Groups become the channels of an instance normalisation; scale and bias are then laid on channel by channel. */
function groupNorm(op: Op): string {
  op.require('data_format', 'NCHW', 'AnyLayout');
  const groups = op.number('groups');
  const type = op.type();
  const x = op.input(0);
  const grouped = op.emit('Reshape', [x, op.ints([0, groups, -1])]);
  const ones = op.constant(tensorOf(type, [groups], [1]));
  const zeros = op.constant(tensorOf(type, [groups], [0]));
  const normal = op.emit('InstanceNormalization', [grouped, ones, zeros], {
    epsilon: float(op.number('epsilon')),
  });
  const back = op.emit('Reshape', [normal, op.emit('Shape', [x])]);
  const perChannel = op.ints([-1, ...Array<number>(op.rank() - 2).fill(1)]);
  const [scale, bias] = scaleAndBias(op, [op.value(0).dims[1]!]);
  const scaled = op.emit('Mul', [back, op.emit('Reshape', [scale!, perChannel])]);
  return op.emit('Add', [scaled, op.emit('Reshape', [bias!, perChannel])]);
}

/** Operands `from` and `from + 1`; ones and zeros where they are absent. */
function scaleAndBias(op: Op, dims: readonly number[], from = 1): [string, string] {
  const fill = (value: number) => op.constant(tensorOf(op.type(), [elementCount(dims)], [value]));
  return [op.input(from) || fill(1), op.input(from + 1) || fill(0)];
}

/** Nothing, or x·(1 − p) for models trained in the old mode that scales at inference. */
function dropout(op: Op): string {
  op.ignoreAttributes('seed', 'fix_seed', 'dropout_seed', 'is_test');
  op.ignoreInputs(1);
  const p = op.has('p') ? op.number('p') : op.knownOr(2, 'probability')[0]!;
  if (op.text('mode', 'downgrade_in_infer') === 'upscale_in_train') return op.input(0);
  return op.emit('Mul', [op.input(0), op.scalar(op.type(), 1 - p)]);
}

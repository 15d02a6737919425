import type { DataType } from './data-type.ts';

/** How an operator of Paddle 2 is said in the words of Paddle 3. */
export interface Paddle2Operator {
  readonly name: string;
  readonly inputs: readonly Paddle2Operand[];
  /** Output slots in Paddle 3's order. */
  readonly outputs: readonly string[];
  /** Attributes that have another name in Paddle 3. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The first of `slots` that is filled; else the attribute, which Paddle 3 made an operand. */
export interface Paddle2Operand {
  readonly slots: readonly string[];
  readonly attribute?: { readonly name: string; readonly type: DataType };
}

const x = slot('X');
const xy = [x, slot('Y')];
const xIndex = [x, slot('Index')];
const normalized = [x, slot('Scale'), slot('Bias')];
const image = [slot('Input'), slot('Filter')];
const axes = orAttribute('dim', 'int64', 'AxisTensor', 'AxisTensorList');
const starts = orAttribute('starts', 'int64', 'StartsTensor', 'StartsTensorList');
const ends = orAttribute('ends', 'int64', 'EndsTensor', 'EndsTensorList');

const binaries = {
  elementwise_add: 'add',
  elementwise_sub: 'subtract',
  elementwise_mul: 'multiply',
  elementwise_div: 'divide',
  elementwise_pow: 'elementwise_pow',
  elementwise_max: 'maximum',
  elementwise_min: 'minimum',
  elementwise_fmax: 'fmax',
  elementwise_fmin: 'fmin',
  elementwise_mod: 'remainder',
  elementwise_floordiv: 'floor_divide',
  equal: 'equal',
  not_equal: 'not_equal',
  less_than: 'less_than',
  less_equal: 'less_equal',
  greater_than: 'greater_than',
  greater_equal: 'greater_equal',
  logical_and: 'logical_and',
  logical_or: 'logical_or',
  logical_xor: 'logical_xor',
  bitwise_and: 'bitwise_and',
  bitwise_or: 'bitwise_or',
  bmm: 'bmm',
  dot: 'dot',
  mul: 'mul',
};

const reductions = {
  reduce_all: 'all',
  reduce_any: 'any',
  reduce_max: 'max',
  reduce_mean: 'mean',
  reduce_min: 'min',
  reduce_prod: 'prod',
  reduce_sum: 'sum',
};

const renamed = {
  hard_sigmoid: 'hardsigmoid',
  hard_swish: 'hardswish',
  hard_shrink: 'hardshrink',
  brelu: 'hardtanh',
  isnan_v2: 'isnan',
  isinf_v2: 'isinf',
  isfinite_v2: 'isfinite',
  sum: 'add_n',
};

/** Operators that are not listed have one operand `X`, one result `Out`, and the same name and attributes. */
const table: ReadonlyMap<string, Paddle2Operator> = new Map(
  Object.entries<Paddle2Operator>({
    ...each(binaries, (name) => ({ name, inputs: xy, outputs: ['Out'] })),
    ...each(reductions, (name) => ({
      name,
      inputs: [x, axes],
      outputs: ['Out'],
      attributes: { keep_dim: 'keepdim' },
    })),
    ...each(renamed, (name) => ({ name, inputs: [x], outputs: ['Out'] })),
    ...each({ arg_max: 'argmax', arg_min: 'argmin', cumsum: 'cumsum' }, (name) => ({
      name,
      inputs: [x, orAttribute('axis', 'int64')],
      outputs: ['Out'],
    })),
    ...each(
      {
        nearest_interp_v2: 'nearest_interp',
        bilinear_interp_v2: 'bilinear_interp',
        bicubic_interp_v2: 'bicubic_interp',
      },
      (name) => ({
        name,
        inputs: [x, slot('OutSize'), slot('SizeTensor'), slot('Scale')],
        outputs: ['Out'],
        attributes: { data_layout: 'data_format' },
      }),
    ),
    addmm: {
      name: 'addmm',
      inputs: [slot('Input'), ...xy],
      outputs: ['Out'],
      attributes: { Alpha: 'alpha', Beta: 'beta' },
    },
    argsort: { name: 'argsort', inputs: [x], outputs: ['Out', 'Indices'] },
    batch_norm: {
      name: 'batch_norm_',
      inputs: [x, slot('Mean'), slot('Variance'), slot('Scale'), slot('Bias')],
      outputs: ['Y', 'MeanOut', 'VarianceOut', 'SavedMean', 'SavedVariance', 'ReserveSpace'],
      attributes: { data_layout: 'data_format' },
    },
    clip: {
      name: 'clip',
      inputs: [x, orAttribute('min', 'float32', 'Min'), orAttribute('max', 'float32', 'Max')],
      outputs: ['Out'],
    },
    concat: { name: 'concat', inputs: [x, orAttribute('axis', 'int64', 'AxisTensor')], outputs: ['Out'] },
    conv2d: { name: 'conv2d', inputs: image, outputs: ['Output'] },
    conv3d: { name: 'conv3d', inputs: image, outputs: ['Output'] },
    depthwise_conv2d: { name: 'depthwise_conv2d', inputs: image, outputs: ['Output'] },
    ...each(
      {
        conv2d_transpose: 'conv2d_transpose',
        depthwise_conv2d_transpose: 'depthwise_conv2d_transpose',
      },
      (name) => ({ name, inputs: [...image, orAttribute('output_size', 'int64')], outputs: ['Output'] }),
    ),
    dropout: {
      name: 'dropout',
      inputs: [x, slot('Seed')],
      outputs: ['Out', 'Mask'],
      attributes: { dropout_prob: 'p', dropout_implementation: 'mode' },
    },
    einsum: { name: 'einsum', inputs: [slot('Operands')], outputs: ['Out', 'InnerCache', 'XShape'] },
    expand_as_v2: { name: 'expand_as', inputs: xy, outputs: ['Out'] },
    expand_v2: {
      name: 'expand',
      inputs: [x, orAttribute('shape', 'int64', 'Shape', 'expand_shapes_tensor')],
      outputs: ['Out'],
    },
    fill_any_like: { name: 'full_like', inputs: [x, orAttribute('value', 'float64')], outputs: ['Out'] },
    fill_constant: {
      name: 'full_with_tensor',
      inputs: [
        orAttribute('str_value', 'float64', 'ValueTensor'),
        orAttribute('shape', 'int64', 'ShapeTensor', 'ShapeTensorList'),
      ],
      outputs: ['Out'],
    },
    flatten_contiguous_range: { name: 'flatten', inputs: [x], outputs: ['Out', 'XShape'] },
    gather: {
      name: 'gather',
      inputs: [...xIndex, orAttribute('axis', 'int64', 'Axis')],
      outputs: ['Out'],
    },
    gather_nd: { name: 'gather_nd', inputs: xIndex, outputs: ['Out'] },
    group_norm: {
      name: 'group_norm',
      inputs: normalized,
      outputs: ['Y', 'Mean', 'Variance'],
      attributes: { data_layout: 'data_format' },
    },
    index_sample: { name: 'index_sample', inputs: xIndex, outputs: ['Out'] },
    index_select: { name: 'index_select', inputs: xIndex, outputs: ['Out'], attributes: { dim: 'axis' } },
    instance_norm: {
      name: 'instance_norm',
      inputs: normalized,
      outputs: ['Y', 'SavedMean', 'SavedVariance'],
    },
    layer_norm: { name: 'layer_norm', inputs: normalized, outputs: ['Y', 'Mean', 'Variance'] },
    leaky_relu: {
      name: 'leaky_relu',
      inputs: [x],
      outputs: ['Out'],
      attributes: { alpha: 'negative_slope' },
    },
    linspace: {
      name: 'linspace',
      inputs: [slot('Start'), slot('Stop'), slot('Num')],
      outputs: ['Out'],
    },
    lookup_table_v2: { name: 'embedding', inputs: [slot('Ids'), slot('W')], outputs: ['Out'] },
    matmul_v2: {
      name: 'matmul',
      inputs: xy,
      outputs: ['Out'],
      attributes: { trans_x: 'transpose_x', trans_y: 'transpose_y' },
    },
    matmul: {
      name: 'matmul',
      inputs: xy,
      outputs: ['Out'],
      attributes: { transpose_X: 'transpose_x', transpose_Y: 'transpose_y' },
    },
    max_pool2d_with_index: {
      name: 'max_pool2d_with_index',
      inputs: [x],
      outputs: ['Out', 'Mask'],
      attributes: { ksize: 'kernel_size' },
    },
    mv: { name: 'mv', inputs: [x, slot('Vec')], outputs: ['Out'] },
    one_hot_v2: {
      name: 'one_hot',
      inputs: [x, orAttribute('depth', 'int64', 'depth_tensor')],
      outputs: ['Out'],
    },
    pad: { name: 'pad', inputs: [x, orAttribute('pad_value', 'float32')], outputs: ['Out'] },
    pad3d: {
      name: 'pad3d',
      inputs: [x, orAttribute('paddings', 'int64', 'Paddings')],
      outputs: ['Out'],
      attributes: { value: 'pad_value' },
    },
    pool2d: { name: 'pool2d', inputs: [x, orAttribute('ksize', 'int64')], outputs: ['Out'] },
    pow: { name: 'pow', inputs: [x], outputs: ['Out'], attributes: { factor: 'y' } },
    prelu: { name: 'prelu', inputs: [x, slot('Alpha')], outputs: ['Out'] },
    range: { name: 'arange', inputs: [slot('Start'), slot('End'), slot('Step')], outputs: ['Out'] },
    reshape2: {
      name: 'reshape',
      inputs: [x, orAttribute('shape', 'int64', 'ShapeTensor', 'Shape')],
      outputs: ['Out', 'XShape'],
    },
    roll: { name: 'roll', inputs: [x, orAttribute('shifts', 'int64', 'ShiftsTensor')], outputs: ['Out'] },
    scale: {
      name: 'scale',
      inputs: [x, orAttribute('scale', 'float32', 'ScaleTensor')],
      outputs: ['Out'],
    },
    scatter_nd_add: { name: 'scatter_nd_add', inputs: [...xIndex, slot('Updates')], outputs: ['Out'] },
    shape: { name: 'shape', inputs: [slot('Input')], outputs: ['Out'] },
    size: { name: 'numel', inputs: [slot('Input')], outputs: ['Out'] },
    slice: { name: 'slice', inputs: [slot('Input'), starts, ends], outputs: ['Out'] },
    softshrink: { name: 'softshrink', inputs: [x], outputs: ['Out'], attributes: { lambda: 'threshold' } },
    split: {
      name: 'split',
      inputs: [
        x,
        orAttribute('sections', 'int64', 'SectionsTensorList'),
        orAttribute('axis', 'int64', 'AxisTensor'),
      ],
      outputs: ['Out'],
    },
    squeeze2: { name: 'squeeze', inputs: [x, orAttribute('axes', 'int64')], outputs: ['Out', 'XShape'] },
    stack: { name: 'stack', inputs: [x], outputs: ['Y'] },
    strided_slice: {
      name: 'strided_slice',
      inputs: [
        slot('Input'),
        starts,
        ends,
        orAttribute('strides', 'int64', 'StridesTensor', 'StridesTensorList'),
      ],
      outputs: ['Out'],
    },
    take_along_axis: {
      name: 'take_along_axis',
      inputs: [slot('Input'), slot('Index')],
      outputs: ['Result'],
      attributes: { Axis: 'axis' },
    },
    tile: {
      name: 'tile',
      inputs: [x, orAttribute('repeat_times', 'int64', 'RepeatTimes', 'repeat_times_tensor')],
      outputs: ['Out'],
    },
    top_k_v2: {
      name: 'topk',
      inputs: [x, orAttribute('k', 'int64', 'K')],
      outputs: ['Out', 'Indices'],
    },
    transpose2: {
      name: 'transpose',
      inputs: [x],
      outputs: ['Out', 'XShape'],
      attributes: { axis: 'perm' },
    },
    unsqueeze2: {
      name: 'unsqueeze',
      inputs: [x, orAttribute('axes', 'int64', 'AxesTensor', 'AxesTensorList')],
      outputs: ['Out', 'XShape'],
    },
    where: { name: 'where', inputs: [slot('Condition'), ...xy], outputs: ['Out'] },
    where_index: { name: 'nonzero', inputs: [slot('Condition')], outputs: ['Out'] },
  }),
);

export function paddle2Operator(type: string): Paddle2Operator {
  return table.get(type) ?? { name: type, inputs: [x], outputs: ['Out'] };
}

/** One entry for each name of Paddle 2, built from its name in Paddle 3. */
function each(
  names: Readonly<Record<string, string>>,
  entry: (name: string) => Paddle2Operator,
): Record<string, Paddle2Operator> {
  return Object.fromEntries(Object.entries(names).map(([old, name]) => [old, entry(name)]));
}

function slot(...slots: string[]): Paddle2Operand {
  return { slots };
}

function orAttribute(name: string, type: DataType, ...slots: string[]): Paddle2Operand {
  return { slots, attribute: { name, type } };
}

import type { Graph, Operation } from './graph.ts';
import { UnsupportedModelError } from './model-error.ts';
import type { OnnxGraph } from './onnx.ts';
import { OnnxBuilder } from './onnx-builder.ts';
import { Op } from './op.ts';
import { operators } from './ops/table.ts';
import { UnmappedError } from './unmapped-error.ts';

/** Attributes that steer Paddle's executor or describe the source, and never the result. */
// biome-ignore format: a list
const inert: ReadonlySet<string> = new Set([
  'place', 'stop_gradient', 'persistable', 'struct_name', 'op_callstack', 'op_device', 'op_namescope', 'op_role',
  'op_role_var', 'op_dist_attr', 'with_quant_attr', 'use_cudnn', 'use_mkldnn', 'use_onednn', 'use_cuda', 'use_quantizer',
  'mkldnn_data_type', 'onednn_data_type', 'workspace_size_MB', 'exhaustive_search', 'use_addto', 'force_fp32_output',
  'is_test', 'output_defs', 'use_calc_stream', 'use_system_allocator',
]);

/**
 * Paddle graph → ONNX graph. Throws one error that names every operator, operand and attribute that is not mapped: what
 * comes after a fault is still translated, on results that lead nowhere.
 */
export function translate(graph: Graph, file: string): OnnxGraph {
  const onnx = new OnnxBuilder(graph.inputs, graph.constants);
  const faults = new Map<string, number>();
  for (const operation of graph.operations) {
    for (const fault of translateOperation(operation, onnx)) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    for (const [i, value] of operation.outputs.flat().entries())
      if (!onnx.isDefined(value)) onnx.lose(value, `result ${i} of ${operation.name}`);
  }
  for (const { name, value } of graph.outputs)
    if (faults.size === 0 && onnx.isLost(value)) faults.set(`output ${name}`, 1);
  if (faults.size > 0) throw new UnsupportedModelError(file, [...faults].map(countedFault));
  for (const output of graph.outputs) onnx.output(output);
  return onnx.graph();
}

/** Emits one operation; yields its faults. */
function* translateOperation(operation: Operation, onnx: OnnxBuilder): Generator<string> {
  const results = operation.outputs.flat();
  const translator = operators.get(operation.name);
  if (translator === undefined) {
    for (const value of results) onnx.lose(value);
    yield `operator ${operation.name}`;
    return;
  }
  const op = new Op(operation, onnx);
  try {
    const names = [translator(op)].flat();
    for (const [i, value] of results.entries()) if (names[i] !== undefined) onnx.bind(value, names[i]);
    yield* op.unread(inert);
  } catch (error) {
    if (!(error instanceof UnmappedError)) throw error;
    for (const value of results) onnx.lose(value);
    if (!error.unknown.some((value) => onnx.isLost(value))) yield error.message;
  }
}

function countedFault([fault, times]: [string, number]): string {
  return times === 1 ? fault : `${fault} (${times} times)`;
}

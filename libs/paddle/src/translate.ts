import type { Graph, Operation, Value } from './graph.ts';
import { UnsupportedModelError } from './model-error.ts';
import type { OnnxGraph } from './onnx.ts';
import { OnnxBuilder } from './onnx-builder.ts';
import { Op, UnmappedError } from './op.ts';
import { operators } from './ops/table.ts';

/** Attributes that steer Paddle's executor or describe the source, and never the result. */
// biome-ignore format: a list
const inert: ReadonlySet<string> = new Set([
  'place', 'stop_gradient', 'persistable', 'struct_name', 'op_callstack', 'op_device', 'op_namescope', 'op_role',
  'op_role_var', 'op_dist_attr', 'with_quant_attr', 'use_cudnn', 'use_mkldnn', 'use_onednn', 'use_cuda', 'use_quantizer',
  'mkldnn_data_type', 'onednn_data_type', 'workspace_size_MB', 'exhaustive_search', 'use_addto', 'force_fp32_output',
  'is_test', 'output_defs', 'use_calc_stream', 'use_system_allocator',
]);

/** Paddle graph → ONNX graph. Throws one error that names every operator and attribute that is not mapped. */
export function translate(graph: Graph, file: string): OnnxGraph {
  const onnx = new OnnxBuilder(graph.inputs, graph.constants);
  const faults = new Map<string, number>();
  const lost = new Set<Value>();
  for (const operation of graph.operations) {
    for (const fault of translateOperation(operation, onnx, lost))
      faults.set(fault, (faults.get(fault) ?? 0) + 1);
  }
  for (const { name, value } of graph.outputs)
    if (!onnx.isDefined(value) && !lost.has(value)) faults.set(`output ${name}, which nothing computes`, 1);
  if (faults.size > 0) throw new UnsupportedModelError(file, [...faults].map(countedFault));
  for (const output of graph.outputs) onnx.output(output);
  return onnx.graph();
}

/** Emits one operation; yields its faults. Results of a faulty operation are `lost`: what reads them is not judged. */
function* translateOperation(operation: Operation, onnx: OnnxBuilder, lost: Set<Value>): Generator<string> {
  const results = operation.outputs.flat();
  const operands = operation.inputs.flat();
  const translator = operators.get(operation.name);
  if (translator === undefined) yield `operator ${operation.name}`;
  if (translator === undefined || operands.some((value) => lost.has(value))) {
    for (const value of results) lost.add(value);
    return;
  }
  const missing = operands.find((value) => !onnx.isDefined(value));
  if (missing !== undefined) {
    for (const value of results) lost.add(value);
    yield `a result that ${operation.name} reads, which the operator before it does not give`;
    return;
  }
  const op = new Op(operation, onnx);
  try {
    const names = translator(op);
    for (const [i, name] of [names].flat().entries()) onnx.bind(results[i]!, name);
    yield* op.unread(inert);
  } catch (error) {
    if (!(error instanceof UnmappedError)) throw error;
    for (const value of results) lost.add(value);
    yield error.message;
  }
}

function countedFault([fault, times]: [string, number]): string {
  return times === 1 ? fault : `${fault} (${times} times)`;
}

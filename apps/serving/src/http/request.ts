import type { TensorSpec } from '@paddlewatch/paddle';
import { RequestError } from '../request-error.ts';
import type { Tensors } from '../tensor.ts';
import { parseTensor } from './nested-array.ts';

/** The body of `POST /infer`: `{"model"?, "version"?, "inputs": {"<name>": nested arrays}}`. */
export interface InferRequest {
  readonly model: string | undefined;
  readonly version: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export function parseRequest(text: string): InferRequest {
  const body = parseJson(text);
  if (!isRecord(body)) throw new RequestError('bad_request', 'cannot infer: the body is not a JSON object');
  const { model, version, inputs, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new RequestError('bad_request', `cannot infer: the body has an unknown field "${unknown}"`);
  if (!isRecord(inputs))
    throw new RequestError('bad_request', 'cannot infer: "inputs" is not an object of named arrays');
  return { model: optionalText('model', model), version: optionalText('version', version), inputs };
}

/** Checks the inputs against the model; one first axis for all, where it is free. */
export function parseInputs(inputs: InferRequest['inputs'], specs: readonly TensorSpec[]): Tensors {
  for (const name in inputs)
    if (!specs.some((spec) => spec.name === name))
      throw new RequestError('unknown_input', `cannot infer: there is no input "${name}"; ${choices(specs)}`);
  const tensors: Record<string, ReturnType<typeof parseTensor>> = {};
  let rows: number | undefined;
  for (const spec of specs) {
    const value = inputs[spec.name];
    if (value === undefined)
      throw new RequestError(
        'missing_input',
        `cannot infer: input "${spec.name}" is missing; ${choices(specs)}`,
      );
    const tensor = parseTensor(value, spec);
    if (spec.dims[0] === -1) {
      rows ??= tensor.dims[0]!;
      if (tensor.dims[0] !== rows)
        throw new RequestError(
          'wrong_shape',
          `cannot infer: input "${spec.name}" has ${tensor.dims[0]} rows where the first has ${rows}`,
        );
    }
    tensors[spec.name] = tensor;
  }
  return tensors;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError('bad_json', `cannot infer: the body is not JSON: ${(error as Error).message}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function optionalText(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new RequestError('bad_request', `cannot infer: "${name}" is not a string`);
}

function choices(specs: readonly TensorSpec[]): string {
  return `the inputs are: ${specs.map(({ name }) => name).join(', ')}`;
}

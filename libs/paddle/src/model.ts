import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataType } from './data-type.ts';
import { writeOnnx } from './onnx.ts';
import { parsePaddle2 } from './paddle2.ts';
import { readParameters } from './pdiparams.ts';
import { parsePir } from './pir.ts';
import type { Program } from './program.ts';
import { translate } from './translate.ts';

/** A Paddle model as ONNX: the graph's bytes, and the weights it refers to as external data. */
export interface OnnxModel {
  readonly graph: Uint8Array;
  /** Where `graph` says its weights lie, and the bytes that lie there: those of the parameter file, not copied. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** A size of −1 is free; so is the batch, where it is the first one. */
export interface TensorSpec {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
}

/** The bytes of a model and the names that errors call them by. */
export interface PaddleFiles {
  readonly program: Uint8Array;
  readonly programFile: string;
  readonly parameters: Uint8Array;
  readonly parametersFile: string;
}

const parametersPath = 'parameters';

/** Throws `CorruptModelError` and `UnsupportedModelError`. */
export function convertPaddle(files: PaddleFiles): OnnxModel {
  const program = parseProgram(files.program, files.programFile);
  const tensors = readParameters(files.parameters, program.parameters, files.parametersFile);
  const constants = new Map(program.constants);
  for (const { name, value } of program.parameters) constants.set(value, tensors.get(name)!);
  const onnx = translate({ ...program, constants }, files.programFile);
  return {
    graph: writeOnnx(onnx, files.parameters, parametersPath),
    externalData: files.parameters.length === 0 ? [] : [{ path: parametersPath, data: files.parameters }],
    inputs: onnx.inputs,
    outputs: onnx.outputs,
  };
}

/** Reads a model from a folder, or from its program file with the parameters beside it. */
export function loadPaddle(location: string): OnnxModel {
  const programFile = findProgram(location);
  const parametersFile = findParameters(programFile);
  return convertPaddle({
    program: readFileSync(programFile),
    programFile,
    parameters: parametersFile ? readFileSync(parametersFile) : new Uint8Array(),
    parametersFile: parametersFile ?? `${programFile} (no parameter file)`,
  });
}

/** JSON begins with `{`, which as a protobuf key would be field 15 with a wire type that does not exist here. */
function parseProgram(bytes: Uint8Array, file: string): Program {
  const first = bytes.find((byte) => !' \t\r\n'.includes(String.fromCharCode(byte)));
  return first === 0x7b ? parsePir(new TextDecoder().decode(bytes), file) : parsePaddle2(bytes, file);
}

const isProgram = (name: string) => /\.pdmodel$|^inference\.json$|^__model__$/.test(name);

function findProgram(location: string): string {
  const found = statSync(location, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`cannot load ${location}: there is no such file or folder`);
  if (found.isFile()) return location;
  const candidates = readdirSync(location).filter(isProgram).sort();
  if (candidates.length === 0)
    throw new Error(`cannot load ${location}: it has no inference.json, *.pdmodel or __model__`);
  if (candidates.length > 1)
    throw new Error(`cannot load ${location}: it has ${candidates.join(' and ')}; name the one to load`);
  return path.join(location, candidates[0]!);
}

/** `x.pdmodel` → `x.pdiparams`, `__model__` → `__params__`; a program without parameters may have none. */
function findParameters(program: string): string | undefined {
  const { dir, name, base } = path.parse(program);
  const file = path.join(dir, base === '__model__' ? '__params__' : `${name}.pdiparams`);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

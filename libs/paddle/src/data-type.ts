/** Element types that occur in inference programs, with their codes in each format. */
const dataTypes = {
  bool: { bytes: 1, pdmodel: 0, pir: 't_bool', onnx: 9 },
  int16: { bytes: 2, pdmodel: 1, pir: 't_i16', onnx: 5 },
  int32: { bytes: 4, pdmodel: 2, pir: 't_i32', onnx: 6 },
  int64: { bytes: 8, pdmodel: 3, pir: 't_i64', onnx: 7 },
  float16: { bytes: 2, pdmodel: 4, pir: 't_f16', onnx: 10 },
  float32: { bytes: 4, pdmodel: 5, pir: 't_f32', onnx: 1 },
  float64: { bytes: 8, pdmodel: 6, pir: 't_f64', onnx: 11 },
  uint8: { bytes: 1, pdmodel: 20, pir: 't_ui8', onnx: 2 },
  int8: { bytes: 1, pdmodel: 21, pir: 't_i8', onnx: 3 },
  bfloat16: { bytes: 2, pdmodel: 22, pir: 't_bf16', onnx: 16 },
} as const;

export type DataType = keyof typeof dataTypes;

const names = Object.keys(dataTypes) as DataType[];
const byPdmodelCode = new Map<number, DataType>(names.map((name) => [dataTypes[name].pdmodel, name]));
const byPirName = new Map<string, DataType>(names.map((name) => [dataTypes[name].pir, name]));

export function isDataType(name: string): name is DataType {
  return name in dataTypes;
}

export function bytesPerElement(type: DataType): number {
  return dataTypes[type].bytes;
}

export function onnxCode(type: DataType): number {
  return dataTypes[type].onnx;
}

/** From `VarType.Type` of framework.proto. */
export function dataTypeOfPdmodel(code: number): DataType | undefined {
  return byPdmodelCode.get(code);
}

/** From a PIR type name without its dialect, as `t_f32`. */
export function dataTypeOfPir(name: string): DataType | undefined {
  return byPirName.get(name);
}

import { parentPort, workerData } from 'node:worker_threads';
import { loadPaddle, type OnnxModel } from '@paddlewatch/paddle';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { type Tensor, type Tensors, zeros } from '../tensor.ts';
import type { LoadedModel, ModelSource, RunMessage, WorkerData, WorkerMessage } from './protocol.ts';

/** The thread that runs models: onnxruntime blocks it for as long as a run takes. */
const { models, threads } = workerData as WorkerData;
const port = parentPort!;
const sessions: InferenceSession[] = [];

try {
  const loaded: LoadedModel[] = [];
  for (const model of models) loaded.push(await load(model));
  port.on('message', answer);
  say({ kind: 'ready', models: loaded });
} catch (error) {
  say({ kind: 'refused', message: (error as Error).message });
}

async function load({ name, version, path }: ModelSource): Promise<LoadedModel> {
  const start = performance.now();
  const { graph, externalData, inputs, outputs } = loadPaddle(path);
  const session = await createSession(graph, externalData, `${name} ${version}`);
  const loadedAt = performance.now();
  sessions.push(session);
  try {
    await run(session, zeros(inputs));
  } catch (error) {
    // Free sizes other than the batch may have constraints that one cannot see; sizes of 1 are a guess there.
    if (inputs.every(({ dims }) => dims.slice(1).every((dim) => dim > 0)))
      throw new Error(`cannot run ${name} ${version} on zeros: ${(error as Error).message}`, {
        cause: error,
      });
  }
  return {
    inputs,
    outputs,
    loadSeconds: (loadedAt - start) / 1000,
    firstInferenceSeconds: (performance.now() - loadedAt) / 1000,
  };
}

async function createSession(
  graph: Uint8Array,
  externalData: OnnxModel['externalData'],
  model: string,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(graph, {
      externalData,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new Error(`cannot load ${model}: onnxruntime says: ${(error as Error).message}`, { cause: error });
  }
}

async function answer({ id, model, inputs }: RunMessage): Promise<void> {
  const start = performance.now();
  try {
    const outputs = await run(sessions[model]!, inputs);
    say(
      { kind: 'done', id, outputs, seconds: (performance.now() - start) / 1000 },
      Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer),
    );
  } catch (error) {
    say({ kind: 'failed', id, message: (error as Error).message });
  }
}

async function run(session: InferenceSession, inputs: Tensors): Promise<Tensors> {
  const feeds: Record<string, OrtTensor> = {};
  for (const [name, { type, data, dims }] of Object.entries(inputs))
    feeds[name] = new OrtTensor(type as 'float32', data as Float32Array, dims);
  const results = await session.run(feeds);
  const outputs: Record<string, Tensor> = {};
  for (const [name, { type, data, dims }] of Object.entries(results))
    outputs[name] = { type: type as Tensor['type'], data: data as Tensor['data'], dims };
  return outputs;
}

function say(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

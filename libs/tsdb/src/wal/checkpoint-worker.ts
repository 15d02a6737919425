import { workerData } from 'node:worker_threads';
import { type CheckpointOrder, writeCheckpoint } from './checkpoint.ts';

await writeCheckpoint(workerData as CheckpointOrder);

import { workerData } from 'node:worker_threads';
import { type Order, perform } from './order.ts';

perform(workerData as Order);

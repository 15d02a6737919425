import { parentPort } from 'node:worker_threads';
import { type Order, perform } from './order.ts';

parentPort!.on('message', (order: Order) => {
  perform(order);
  parentPort!.postMessage(order.ulid);
});

import { launch } from '@paddlewatch/launch';

await launch(new URL('./program.ts', import.meta.url), {
  // Young objects of the main thread get 2 × 4 MiB instead of up to 2 × 16.
  nodeFlags: ['--max-semi-space-size=4'],
  // Each thread would take memory from a heap of its own, and no other thread gets what it gives back there.
  environment: { MALLOC_ARENA_MAX: '1' },
});

import { launch } from '@paddlewatch/launch';

await launch(new URL('./program.ts', import.meta.url));

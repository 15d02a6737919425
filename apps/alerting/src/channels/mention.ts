import { z } from 'zod';

/** Whom a message calls by name. */
export const mentionSchema = z.strictObject({
  all: z.boolean().default(false),
  mobiles: z.array(z.string()).default([]),
  users: z.array(z.string()).default([]),
});

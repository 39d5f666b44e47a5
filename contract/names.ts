import * as z from 'zod';
import { reservedNames } from './reserved.ts';

/** An alias, toolset name or access-group name: one form, one namespace in the org. */
export const Name = z
  .string()
  .max(20, 'at most 20 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens inside')
  .refine((name) => !reservedNames.has(name), 'is a reserved word');

/** An id as this gateway makes them, or a name: what a path variable or a reference may hold. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -, at most 64');

/** A tool name as an upstream may spell it (MCP 2026-07-28, Tools: 1 to 128 of letters, digits, `_`, `-`, `.`, `/`). */
export const ToolName = z.string().regex(/^[A-Za-z0-9_./-]{1,128}$/, 'letters, digits, _ - . /, at most 128');

/** Free text a person gives a thing, without control characters. */
export const Label = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'no control characters');

/** Longer free text; newlines allowed. */
export const Description = z.string().max(4096, 'at most 4,096 characters');

/** The version a write was based on; a stale one is 409. */
export const Version = z.number().int().positive();

import { z } from 'zod';
import { streamArn } from '../aws.ts';
import type { Change } from '../emulators/dynamodb/change.ts';
import { parsePattern } from '../events/pattern.ts';
import type { Stack } from '../template/stack.ts';

/** What is not read here has no meaning on one machine: one shard, no age, and a discarded record is logged. */
const EventSourceMapping = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().default(100),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().default(-1),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  ParallelizationFactor: z.number().optional(),
  MaximumRecordAgeInSeconds: z.number().optional(),
  DestinationConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** A function that is fed from a table's stream. */
export interface Mapping {
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  readonly bisect: boolean;
  /** Infinity retries until it works. */
  readonly retries: number;
  readonly reportsFailures: boolean;
  /** True for a change of the table that passes the mapping's filters. */
  readonly wants: (change: Change) => boolean;
}

/** Nobody at a laptop waits longer for a batch to fill. */
const maxWindowSeconds = 1;

/** The template's event source mappings. Throws on a source that is no table's stream, and on a setting or filter the local runner does not know. */
export function readMappings(stack: Stack): readonly Mapping[] {
  const tables = stack
    .resources(z.unknown(), 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')
    .map(({ id }) => stack.physicalName(id));
  return stack
    .resources(EventSourceMapping, 'AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.Enabled)
    .map(({ id, properties }) => {
      const table = tables.find((name) => streamArn(name) === properties.EventSourceArn);
      if (table === undefined) throw new Error(`${id} reads ${properties.EventSourceArn}, which is no table's stream`);
      const filters = properties.FilterCriteria?.Filters.map(({ Pattern }) => parsePattern(JSON.parse(Pattern)));
      const { MaximumRetryAttempts, MaximumBatchingWindowInSeconds } = properties;
      return {
        functionName: properties.FunctionName,
        batchSize: properties.BatchSize,
        windowMilliseconds: Math.min(MaximumBatchingWindowInSeconds, maxWindowSeconds) * 1000,
        bisect: properties.BisectBatchOnFunctionError,
        retries: MaximumRetryAttempts < 0 ? Infinity : MaximumRetryAttempts,
        reportsFailures: properties.FunctionResponseTypes.length > 0,
        wants: (change) => change.table === table && (filters?.some((fits) => fits(change.record)) ?? true),
      };
    });
}

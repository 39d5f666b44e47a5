import { genAi } from '../domain/gen-ai.ts';
import { type Figure, figureOf, figures } from '../domain/metering/figures.ts';
import type { AccountModel } from '../ports/model.ts';
import type { Account } from '../ports/world.ts';

/**
 * Writes one structured line: JSON escapes what a name could break out with (LK-11), and Lambda's JSON log format takes
 * `level` and `timestamp` as its own. Never give it a body, an argument, a result or a header.
 */
const write = (level: 'INFO' | 'ERROR', message: string, fields: object): void => {
  process.stdout.write(`${JSON.stringify({ level, message, timestamp: new Date().toISOString(), ...fields })}\n`);
};

/** One line per request: who, which route, what came of it. */
export interface RequestLine {
  readonly request_id: string;
  readonly route: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly code?: string;
  readonly key_id?: string;
  readonly org_id?: string;
}

/** The access line of a request. */
export const logRequest = (line: RequestLine): void => write('INFO', 'request', line);

/** A fault with its own name, message and stack: no `cause` and no attached request, which may hold secrets. */
export function logFault(requestId: string, route: string, fault: unknown): void {
  const error = fault instanceof Error ? fault : new Error(String(fault));
  write('ERROR', 'fault', { request_id: requestId, route, name: error.name, stack: stackOf(error) });
}

/** Frames only: an error's message may quote what it choked on. */
const stackOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
    .join('\n');

/** The line of one tool call; one that a limit refused counts in a figure. */
export const writeCall: Account = (line) => {
  const figure = figureOf(String(line['status']));
  logFigures('call', line, figure === undefined ? {} : { [figure]: 1 });
};

/** Where the metrics of this deployment are. */
const namespace = (): string => process.env['FIGURES_NAMESPACE'] ?? 'xct';

/** A line that carries figures of this deployment: CloudWatch makes metrics of them (embedded metric format). */
export function logFigures(message: string, fields: object, values: Partial<Record<Figure, number>>): void {
  const names = Object.keys(values) as Figure[];
  const Metrics = names.map((Name) => ({ Name, Unit: figures[Name] }));
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: namespace(), Dimensions: [[]], Metrics }] };
  write('INFO', message, { ...fields, ...(names.length === 0 ? {} : { _aws, ...values }) });
}

/** The metrics of a model's answer, by OpenTelemetry's names. */
const modelMetrics = [
  { Name: genAi.duration, Unit: 'Seconds' },
  { Name: genAi.firstChunk, Unit: 'Seconds' },
  { Name: genAi.inputTokens, Unit: 'Count' },
  { Name: genAi.outputTokens, Unit: 'Count' },
];

/** The line of one model answer, metrics too: their dimension has as many values as the settings have models. */
export const writeModel: AccountModel = (line) => {
  const metrics = { Namespace: namespace(), Dimensions: [['setting']], Metrics: modelMetrics };
  write('INFO', 'model', { ...line, _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metrics] } });
};

import type { Clock } from './clock.ts';
import type { Notice } from './events/target.ts';
import type { LogLine } from './lambda/logs.ts';

/** How to run a synthesized stack on this machine. */
export interface GatewaySettings {
  /** Folder of the assembly, such as `cdk.out`. */
  readonly assembly: string;
  /** Stack of the assembly; the first of the manifest unless told. */
  readonly stack?: string;
  /** Where state, logs and the lock live; without it everything is in memory. */
  readonly folder?: string;
  /** True forgets what the folder held. */
  readonly fresh?: boolean;
  /** A free one unless told. */
  readonly port?: number;
  /** Environment variables added to every function; they win over the template's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line that a function prints. */
  readonly onLog?: (entry: LogLine) => void;
  /** Gets what is published to the stack's topics. */
  readonly onNotice?: (notice: Notice) => void;
  readonly clock?: Clock;
}

import type { Emulator } from './emulators/aws-json.ts';
import type { Faults } from './emulators/faults.ts';

/** The AWS services that run beside the functions. */
type Service = 'dynamodb' | 'secretsManager' | 'apiGateway' | 'eventBridge' | 'stepFunctions';

/** Where the services are, what they have served, and how to make them fail. */
export interface Instruments {
  readonly endpoints: Readonly<Record<Service, string>>;
  /** Requests per operation that each service has served. */
  counts(): Promise<Readonly<Record<Service, Readonly<Record<string, number>>>>>;
  readonly faults: Readonly<Record<Service, Faults>>;
}

/** The instruments of running services. */
export function instrumentsOf(emulators: Readonly<Record<Service, Emulator>>): Instruments {
  const each = <T>(show: (emulator: Emulator) => T) =>
    Object.fromEntries(Object.entries(emulators).map(([name, emulator]) => [name, show(emulator)])) as Record<
      Service,
      T
    >;
  return {
    endpoints: each(({ endpoint }) => endpoint),
    async counts() {
      const counted = Object.entries(each(({ counts }) => counts())).map(async ([name, count]) => [name, await count]);
      return Object.fromEntries(await Promise.all(counted));
    },
    faults: each(({ faults }) => faults),
  };
}

/** What this deployment allows to be reached, and what it must never reach. */
export interface EgressSettings {
  /** Ports beside 443. */
  readonly ports: readonly number[];
  /** Host names that are this deployment. */
  readonly ownHosts: readonly string[];
  /** Whether upstreams on loopback are allowed: the local runner only. */
  readonly loopback: boolean;
  /** Loopback ports that are never an upstream: our own door, the Lambda runtime API, AWS endpoints. */
  readonly ownPorts: readonly string[];
}

const list = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter(Boolean);

/** Reads EGRESS_PORTS, OWN_HOSTS, PUBLIC_URL and LOOPBACK_UPSTREAMS, and what else of the environment is ours. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): EgressSettings {
  const own = URL.parse(env['PUBLIC_URL'] ?? '');
  const endpoints = Object.keys(env)
    .filter((name) => /^AWS_ENDPOINT_URL|_ENDPOINT$/.test(name))
    .map((name) => URL.parse(env[name] ?? '')?.port);
  return {
    ports: list(env['EGRESS_PORTS']).map(Number),
    ownHosts: [...list(env['OWN_HOSTS']), ...(own ? [own.hostname] : [])],
    loopback: env['LOOPBACK_UPSTREAMS'] === 'allow',
    ownPorts: [own?.port, env['AWS_LAMBDA_RUNTIME_API']?.split(':')[1], ...endpoints].flatMap((port) => port || []),
  };
}

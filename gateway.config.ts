import type { GatewayConfig } from './lib/config.ts';

/** This deployment's settings; every field is described in `lib/config.ts`, which also checks them. */
export const config: GatewayConfig = {
  stages: {
    dev: { log_retention_days: 7, allowed_origins: [] },
    prod: { log_retention_days: 90, allowed_origins: [] },
  },
  tiers: {
    free: {
      calls_per_day: 100,
      servers: 3,
      keys: 20,
      rpm: 60,
      usage_plan: { requests_per_second: 50, burst: 100, requests_per_day: 1_000_000 },
    },
    team: {
      calls_per_day: 10_000,
      servers: 50,
      keys: 500,
      rpm: 600,
      usage_plan: { requests_per_second: 200, burst: 400, requests_per_day: 10_000_000 },
    },
    enterprise: {
      calls_per_day: 1_000_000,
      servers: 1_000,
      keys: 10_000,
      rpm: 10_000,
      usage_plan: { requests_per_second: 1_000, burst: 2_000, requests_per_day: 100_000_000 },
    },
  },
  default_tier: 'free',
  models: [],
  egress_ports: [],
  own_hosts: [],
};

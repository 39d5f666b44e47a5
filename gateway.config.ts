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
      rpm: 600,
      burst: 100,
      retention_days: 90,
    },
    team: {
      calls_per_day: 10_000,
      servers: 50,
      keys: 500,
      rpm: 6_000,
      burst: 400,
      retention_days: 400,
    },
    enterprise: {
      calls_per_day: 1_000_000,
      servers: 1_000,
      keys: 10_000,
      rpm: 60_000,
      burst: 2_000,
      retention_days: 400,
    },
  },
  default_tier: 'free',
  four_eyes: false,
  drift: 'quarantine',
  models: [],
  egress_ports: [],
  own_hosts: [],
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { config } from '../gateway.config.ts';
import { readConfig } from '../lib/config.ts';
import { createGateway } from '../lib/gateway-stack.ts';

const root = join(import.meta.dirname, '..');
// Under plain Node nobody reads `cdk.json`, and without its context the app would build by other rules.
const { context, output } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
const app = new App({
  context,
  outdir: process.env['CDK_OUTDIR'] ?? join(root, output),
  analyticsReporting: false,
  stackTraces: false,
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const settings = readConfig(config);
const only: unknown = app.node.tryGetContext('stage');
for (const stage of ['dev', 'prod'] as const)
  if (only === undefined || only === stage) createGateway(app, stage, settings);
app.synth();

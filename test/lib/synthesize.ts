import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { config } from '../../gateway.config.ts';
import { readConfig } from '../../lib/config.ts';
import { createGateway } from '../../lib/gateway-stack.ts';

// Prints the dev template with the stage settings of the first argument and the others of the second over the project's own.
const changes = JSON.parse(process.argv[2]!);
const settings = { ...config, ...JSON.parse(process.argv[3]!) };
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
const dev = { ...config.stages.dev, ...changes };
const { artifactId } = createGateway(app, 'dev', readConfig({ ...settings, stages: { ...config.stages, dev } }));
process.stdout.write(JSON.stringify(app.synth().getStackArtifact(artifactId).template));

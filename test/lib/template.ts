import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { config } from '../../gateway.config.ts';
import { type GatewayConfig, readConfig, type StageConfig, type StageName } from '../../lib/config.ts';
import { createGateway } from '../../lib/gateway-stack.ts';

/** A resource of a template, its intrinsics as they are. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is as deep and as free as JSON.
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A synthesized template. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The project's own settings with one stage changed. */
export const withStage = (stage: StageName, changes: Partial<StageConfig>): GatewayConfig =>
  readConfig({ ...config, stages: { ...config.stages, [stage]: { ...config.stages[stage], ...changes } } });

/** The template of a stage as `bin/gateway.ts` makes it, but with no code bundled; `checked` runs cdk-nag, which throws. */
export function synthesize(stage: StageName = 'dev', settings = config, checked = false): Template {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { artifactId } = createGateway(app, stage, settings);
  return app.synth().getStackArtifact(artifactId).template;
}

/** Resources of one type, by logical id. */
export const resources = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** Properties of the only resource of a type; throws where there is another number of them. */
export function only(template: Template, type: string): Resource['Properties'] {
  const found = resources(template, type);
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
  return found[0]![1].Properties;
}

/** The function whose handler file has this name. */
export function functionNamed(template: Template, name: string): Resource['Properties'] {
  const id = `${name[0]!.toUpperCase()}${name.slice(1)}Function`;
  return resources(template, 'AWS::Lambda::Function').find(([logicalId]) => logicalId.startsWith(id))![1].Properties;
}

/** A method of the API with its path spelled out. */
export interface DeployedMethod {
  readonly key: string;
  readonly path: string;
  readonly properties: Resource['Properties'];
}

/** Every method of the template's API. */
export function methods(template: Template): readonly DeployedMethod[] {
  const pathOf = (resourceId: { readonly Ref?: string }): string => {
    const resource = resourceId.Ref === undefined ? undefined : template.Resources[resourceId.Ref];
    return resource === undefined ? '' : `${pathOf(resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
  };
  return resources(template, 'AWS::ApiGateway::Method').map(([, { Properties }]) => {
    const path = pathOf(Properties.ResourceId);
    return { key: `${Properties.HttpMethod} ${path}`, path, properties: Properties };
  });
}

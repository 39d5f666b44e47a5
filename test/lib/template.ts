import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GatewayConfig, StageConfig, StageName } from '../../lib/config.ts';

/** A resource of a template, its intrinsics as they are. */
export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A synthesized template. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The template of a stage in `cdk.out`, where `bin/gateway.ts` put it: what would be deployed. */
export const deployed = (stage: StageName): Template =>
  JSON.parse(readFileSync(`cdk.out/XctGateway-${stage}.template.json`, 'utf8'));

/** The dev template under other settings, with no code bundled. In a process of its own: Jest takes a while over the CDK. */
export const synthesized = (changes: Partial<StageConfig>, settings: Partial<GatewayConfig> = {}): Template =>
  JSON.parse(
    execFileSync(process.execPath, ['test/lib/synthesize.ts', JSON.stringify(changes), JSON.stringify(settings)], {
      encoding: 'utf8',
      env: { ...process.env, CDK_VALIDATION: 'false' },
      maxBuffer: 16 * 1024 * 1024,
    }),
  );

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

/** The state machine `xct-dev-<name>`. */
export const machineNamed = (template: Template, name: string): Resource['Properties'] =>
  resources(template, 'AWS::StepFunctions::StateMachine').find(
    ([, { Properties }]) => Properties.StateMachineName === `xct-dev-${name}`,
  )![1].Properties;

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

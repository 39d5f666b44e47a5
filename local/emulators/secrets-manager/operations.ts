import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-secrets-manager';
import type { AwsJsonService } from '../aws-json.ts';
import { secretToCreate } from './create.ts';
import { deletionOf } from './deletion.ts';
import type { SecretsFile } from './file.ts';
import { findSecret, liveSecretOf, type Secret, type Secrets, secretOf, type Tag, withoutDeleted } from './secret.ts';
import { addVersion, checkText, checkToken, versionOf } from './versions.ts';

/** The emulated operations on what `file` holds; every change is on disk before it is answered. */
export function secretsManagerOperations(
  file: SecretsFile,
  nowSeconds: () => number = () => Date.now() / 1000,
): AwsJsonService['operations'] {
  let stored: Secrets = file.load();
  const secrets = () => withoutDeleted(stored, nowSeconds());

  const keep = (name: string, secret: Secret | undefined) => {
    const next = new Map(secrets());
    if (secret === undefined) next.delete(name);
    else next.set(name, secret);
    file.save(next);
    stored = next;
  };
  const change = (secret: Secret, next: Secret): Secret => {
    if (next !== secret) keep(next.name, next);
    return next;
  };
  const withText = (secret: Secret, token: string | undefined, text: unknown, stages?: readonly string[]) => {
    const id = token ?? randomUUID();
    checkToken(id);
    checkText(text);
    return { id, next: addVersion(secret, id, text, nowSeconds(), stages) };
  };
  const nameOf = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

  return {
    CreateSecret(input: Sdk.CreateSecretCommandInput) {
      const blank = secretToCreate(secrets(), input, nowSeconds());
      if (input.SecretString === undefined) {
        keep(blank.name, blank);
        return nameOf(blank);
      }
      const { id, next } = withText(blank, input.ClientRequestToken, input.SecretString);
      return { ...nameOf(change(blank, next)), VersionId: id };
    },
    GetSecretValue(input: Sdk.GetSecretValueCommandInput) {
      const secret = liveSecretOf(secrets(), input.SecretId!);
      const [VersionId, { text, stages, createdAt }] = versionOf(secret, input.VersionId, input.VersionStage);
      return { ...nameOf(secret), VersionId, SecretString: text, VersionStages: stages, CreatedDate: createdAt };
    },
    PutSecretValue(input: Sdk.PutSecretValueCommandInput) {
      const secret = liveSecretOf(secrets(), input.SecretId!);
      const { id, next } = withText(secret, input.ClientRequestToken, input.SecretString, input.VersionStages);
      change(secret, next);
      return { ...nameOf(next), VersionId: id, VersionStages: next.versions[id]!.stages };
    },
    UpdateSecret(input: Sdk.UpdateSecretCommandInput) {
      const secret = liveSecretOf(secrets(), input.SecretId!);
      const described = {
        ...secret,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
        changedAt: nowSeconds(),
      };
      if (input.SecretString === undefined) return nameOf(change(secret, described));
      const { id, next } = withText(described, input.ClientRequestToken, input.SecretString);
      return { ...nameOf(change(secret, next)), VersionId: id };
    },
    DescribeSecret(input: Sdk.DescribeSecretCommandInput) {
      const secret = secretOf(secrets(), input.SecretId!);
      const labelled = Object.entries(secret.versions).filter(([, { stages }]) => stages.length > 0);
      return {
        ...nameOf(secret),
        Description: secret.description,
        KmsKeyId: secret.kmsKeyId,
        Tags: secret.tags,
        CreatedDate: secret.createdAt,
        LastChangedDate: secret.changedAt,
        DeletedDate: secret.deletion?.askedAt,
        VersionIdsToStages: Object.fromEntries(labelled.map(([id, { stages }]) => [id, stages])),
      };
    },
    DeleteSecret(input: Sdk.DeleteSecretCommandInput) {
      const force = input.ForceDeleteWithoutRecovery === true;
      // By force, AWS also says yes to what is not there.
      const secret = force ? findSecret(secrets(), input.SecretId!) : secretOf(secrets(), input.SecretId!);
      const deletion = deletionOf(secret, input, nowSeconds());
      if (secret === undefined) return { Name: input.SecretId, DeletionDate: deletion.dueAt };
      keep(secret.name, force ? undefined : { ...secret, deletion });
      return { ...nameOf(secret), DeletionDate: deletion.dueAt };
    },
    RestoreSecret(input: Sdk.RestoreSecretCommandInput) {
      const { deletion, ...secret } = secretOf(secrets(), input.SecretId!);
      if (deletion !== undefined) keep(secret.name, secret);
      return nameOf(secret);
    },
    TagResource(input: Sdk.TagResourceCommandInput) {
      const secret = liveSecretOf(secrets(), input.SecretId!);
      const tags = input.Tags as readonly Tag[];
      const untouched = secret.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
      keep(secret.name, { ...secret, tags: [...untouched, ...tags] });
      return {};
    },
  };
}

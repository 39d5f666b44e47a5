import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { answerApproval, eventSource, startApproval, tellEvents } from './constructs/approval.ts';
import { readCredentials, removeCredentials } from './constructs/credentials.ts';
import type { Make } from './constructs/function.ts';
import { listTable } from './constructs/table.ts';
import { readSecret, type Vault } from './constructs/vault.ts';

/** A step looks at one server; the sweep goes through all that is unsettled. */
const stepSeconds = 300;
/** Lambda's own limit: every server of every org is read. */
const watchSeconds = 900;

/** Parts of an environment that functions have in common, by what they tell. */
type Told = Readonly<
  Record<
    'records' | 'seal' | 'credentials' | 'web' | 'egress' | 'tiers' | 'approval' | 'reviews' | 'probing',
    Readonly<Record<string, string>>
  >
>;

/** The functions that an approval takes beside `servers` and `probe`: its routes, the steps of its machine, the watch. */
export function approvalFunctions(
  scope: Construct,
  stage: string,
  make: Make,
  { table, vault }: { readonly table: TableV2; readonly vault: Vault },
  { mayProbe, mayWrite }: { readonly mayProbe: PolicyStatement; readonly mayWrite: readonly PolicyStatement[] },
  { records, seal, credentials, web, egress, tiers, approval, reviews, probing }: Told,
): Readonly<Record<'approval' | 'workflow' | 'watch', IFunction>> {
  const maySeal = readSecret(vault.seal);
  const notices = { EVENT_SOURCE: eventSource(stage) };
  return {
    approval: make('approval', [...mayWrite, maySeal, answerApproval(scope, stage)], {
      ...records,
      ...seal,
      ...approval,
      ...reviews,
      ...web,
      ...egress,
    }),
    workflow: make(
      'workflow',
      [
        ...mayWrite,
        listTable(table),
        maySeal,
        removeCredentials(vault),
        mayProbe,
        answerApproval(scope, stage),
        tellEvents(scope),
      ],
      { ...records, ...seal, ...credentials, ...probing, ...approval, ...notices, ...tiers },
      { timeoutSeconds: stepSeconds },
    ),
    watch: make(
      'watch',
      [
        ...mayWrite,
        listTable(table),
        maySeal,
        ...readCredentials(vault),
        startApproval(scope, stage),
        tellEvents(scope),
      ],
      { ...records, ...seal, ...credentials, ...approval, ...reviews, ...notices, ...egress, ...tiers },
      { timeoutSeconds: watchSeconds },
    ),
  };
}

import type { Role } from '../../contract/keys.ts';
import type { Binding } from './records.ts';

/** Who calls, as the authorizer found it: the key, its bindings, its org's tier. Crosses to the functions as one JSON string. */
export interface Caller extends Binding {
  readonly org_id: string;
  readonly role: Role;
  readonly tier: string;
  readonly lineage: readonly Binding[];
}

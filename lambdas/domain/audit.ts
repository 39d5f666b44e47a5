/** One admin change as recorded: never a secret, never a hash of one. */
export interface AuditEntry {
  readonly id: string;
  readonly org_id: string;
  readonly at: string;
  readonly actor: { readonly key_id: string; readonly user_id?: string; readonly role: string };
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly request_id: string;
}

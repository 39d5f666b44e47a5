import type { DeleteSecretCommandInput } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../aws-error.ts';
import type { Secret } from './secret.ts';

const daySeconds = 86_400;

/** When a secret that is deleted at `now` (epoch seconds) will be gone: 7–30 days, 30 unless told, or at once by force. */
export function deletionOf(
  secret: Secret | undefined,
  { ForceDeleteWithoutRecovery: force, RecoveryWindowInDays: days }: DeleteSecretCommandInput,
  now: number,
): NonNullable<Secret['deletion']> {
  if (force && days !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  if (days !== undefined && (days < 7 || days > 30))
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  if (!force && secret?.deletion !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    );
  return { askedAt: now, dueAt: force ? now : now + (days ?? 30) * daySeconds };
}

import { type Emulator, serveAwsJson } from '../aws-json.ts';
import { inMemory, secretsFile } from './file.ts';
import { secretsManagerOperations } from './operations.ts';

/**
 * Starts Secrets Manager on a free loopback port; secrets live encrypted in `folder`, or in memory without one.
 * `onRequest` gets each operation's name. Rejects when the folder's file and key do not belong together.
 */
export const startSecretsManager = async ({
  folder,
  onRequest,
}: {
  readonly folder?: string;
  readonly onRequest?: (operation: string) => void;
} = {}): Promise<Emulator> =>
  serveAwsJson({
    target: 'secretsmanager',
    version: '1.1',
    operations: secretsManagerOperations(folder === undefined ? inMemory : secretsFile(folder)),
    onRequest,
  });

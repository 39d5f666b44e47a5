import { AwsError } from '../emulators/aws-error.ts';
import { StateFailure } from '../emulators/step-functions/failure.ts';

/** Runs a call to AWS; its error becomes the failure that Step Functions names by service and exception (`ApiGateway.ConflictException`). */
export async function withAwsErrors<T>(service: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const name = error instanceof AwsError ? String(error.body['__type']) : error.name;
    throw new StateFailure(`${service}.${name}`, error.message);
  }
}

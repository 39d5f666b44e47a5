/** A refusal in AWS's JSON protocol; `type` is what SDK clients see as `error.name`, `fields` join the body. */
export class AwsError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, fields: Readonly<Record<string, unknown>> = {}, status = 400) {
    super(message);
    this.status = status;
    this.body = { __type: type, message, ...fields };
  }
}

const serverSide = new Set(['InternalFailure', 'InternalServerError', 'InternalServiceError', 'ServiceUnavailable']);

/** The error of that name as AWS answers it: 500 for AWS's own failures, 400 for all others. */
export const awsError = (type: string): AwsError =>
  new AwsError(type, `Injected: ${type}`, {}, serverSide.has(type) ? 500 : 400);

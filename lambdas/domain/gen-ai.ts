/** OpenTelemetry's names for what a model did (semantic conventions for generative AI); every place that says them reads here. */
export const genAi = {
  operation: 'gen_ai.operation.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  errorType: 'error.type',
  /** Seconds. */
  duration: 'gen_ai.client.operation.duration',
  /** Seconds to the first chunk. */
  firstChunk: 'gen_ai.client.operation.time_to_first_chunk',
} as const;

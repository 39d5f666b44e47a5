import { account, region } from '../aws.ts';

/** How resources of a type are called. */
export interface Kind {
  /** The property that may hold the name. */
  readonly nameProperty: string;
  /** What the ARN begins with, before the name; without it no ARN of this type is known here. */
  readonly arnPrefix?: string;
  /** True where `Ref` gives the ARN, not the name. */
  readonly calledByArn?: true;
}

const arnOf = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
const table: Kind = { nameProperty: 'TableName', arnPrefix: arnOf('dynamodb', 'table/') };

/** The resource types that have names; all others are called by their logical id. A secret's ARN is known once it is made. */
export const kinds: Readonly<Record<string, Kind>> = {
  'AWS::ApiGateway::Stage': { nameProperty: 'StageName' },
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Events::Rule': { nameProperty: 'Name', arnPrefix: arnOf('events', 'rule/') },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', arnPrefix: arnOf('lambda', 'function:') },
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', calledByArn: true },
  'AWS::SNS::Topic': { nameProperty: 'TopicName', arnPrefix: arnOf('sns', ''), calledByArn: true },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arnPrefix: arnOf('states', 'stateMachine:'),
    calledByArn: true,
  },
};

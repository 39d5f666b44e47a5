/** Jest 30 in ESM; TypeScript is stripped by swc. Run through `npm test`, which sets `--experimental-vm-modules`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/support/synth.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/loopback-only.ts'],
  collectCoverageFrom: ['lambdas/domain/**/*.ts'],
  coverageThreshold: { 'lambdas/domain/': { branches: 100 } },
  maxWorkers: 2,
  testTimeout: 30_000,
};
